SELECT x.doc, x.at, x.by_member, x.door, x.voter, x.id, x.how, x.result, x.script, x.is_retracted,
       coalesce((SELECT w.name FROM walker w WHERE w.doc = x.doc AND w.id = x.by_member),
                (SELECT m.name FROM member m WHERE m.doc = :campaign AND m.id = x.by_member), '') AS by_name,
       coalesce((SELECT CASE WHEN c.acked_at = 0 THEN 0 WHEN c.n BETWEEN 1 AND d.seen THEN 2 ELSE 1 END
                 FROM change c JOIN doc d ON d.id = c.doc WHERE c.doc = x.doc AND c.hash = x.change_hash), 0) AS safety
FROM visit x
WHERE x.voter = :voter AND x.door <> :door
ORDER BY x.at DESC, x.id DESC
