WITH behind (voter) AS (SELECT id FROM voter WHERE door = :door UNION SELECT id FROM person WHERE door = :door),
     x AS (SELECT doc, id, door, voter, flag, is_set, at, by_member, change_hash
           FROM flag WHERE door = :door
           UNION ALL
           SELECT flag.doc, flag.id, flag.door, flag.voter, flag.flag, flag.is_set, flag.at, flag.by_member, flag.change_hash
           FROM behind JOIN flag ON flag.voter = behind.voter)
SELECT x.doc, x.at, x.by_member, x.door, x.voter, x.flag, x.is_set,
       coalesce((SELECT w.name FROM walker w WHERE w.doc = x.doc AND w.id = x.by_member),
                (SELECT m.name FROM member m WHERE m.doc = :campaign AND m.id = x.by_member), '') AS by_name,
       coalesce((SELECT CASE WHEN c.acked_at = 0 THEN 0 WHEN c.n BETWEEN 1 AND d.seen THEN 2 ELSE 1 END
                 FROM change c JOIN doc d ON d.id = c.doc WHERE c.doc = x.doc AND c.hash = x.change_hash), 0) AS safety
FROM x
ORDER BY x.at DESC, x.id DESC
