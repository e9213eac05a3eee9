SELECT x.at, x.by_member, x.door, x.voter, x.id, x.how, x.result, x.script, x.is_retracted,
       coalesce((SELECT w.name FROM walker w WHERE w.doc = x.doc AND w.id = x.by_member),
                (SELECT m.name FROM member m WHERE m.doc = :campaign AND m.id = x.by_member), '') AS by_name,
       EXISTS (SELECT 1 FROM change c WHERE c.doc = x.doc AND c.hash = x.change_hash AND c.acked_at > 0) AS is_safe
FROM visit x
WHERE x.door = :door
ORDER BY x.at DESC, x.id DESC
