WITH behind (voter) AS (SELECT id FROM voter WHERE door = :door UNION SELECT id FROM person WHERE door = :door),
     x AS (SELECT doc, id, door, voter, text, at, by_member, change_hash
           FROM note WHERE door = :door
           UNION ALL
           SELECT note.doc, note.id, note.door, note.voter, note.text, note.at, note.by_member, note.change_hash
           FROM behind JOIN note ON note.voter = behind.voter)
SELECT x.at, x.by_member, x.door, x.voter, x.text,
       coalesce((SELECT w.name FROM walker w WHERE w.doc = x.doc AND w.id = x.by_member),
                (SELECT m.name FROM member m WHERE m.doc = :campaign AND m.id = x.by_member), '') AS by_name,
       EXISTS (SELECT 1 FROM change c WHERE c.doc = x.doc AND c.hash = x.change_hash AND c.acked_at > 0) AS is_safe
FROM x
ORDER BY x.at DESC, x.id DESC
