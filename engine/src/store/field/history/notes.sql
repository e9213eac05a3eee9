WITH behind (voter) AS (SELECT id FROM voter WHERE door = :door UNION SELECT id FROM person WHERE door = :door),
     x AS (SELECT doc, id, door, voter, text, at, by_member, change_hash
           FROM note WHERE door = :door
           UNION ALL
           SELECT note.doc, note.id, note.door, note.voter, note.text, note.at, note.by_member, note.change_hash
           FROM behind JOIN note ON note.voter = behind.voter)
SELECT x.doc, x.id, x.at, x.by_member, x.door, x.voter, x.text,
       (SELECT v.door FROM visit v WHERE v.doc = x.doc AND v.change_hash = x.change_hash AND v.voter = x.voter LIMIT 1) AS happened,
       coalesce((SELECT w.name FROM walker w WHERE w.doc = x.doc AND w.id = x.by_member),
                (SELECT m.name FROM member m WHERE m.doc = :campaign AND m.id = x.by_member), '') AS by_name,
       coalesce((SELECT CASE WHEN c.acked_at = 0 THEN 0 WHEN c.n BETWEEN 1 AND d.seen THEN 2 ELSE 1 END
                 FROM change c JOIN doc d ON d.id = c.doc WHERE c.doc = x.doc AND c.hash = x.change_hash), 0) AS safety
FROM x
ORDER BY x.at DESC, x.id DESC
