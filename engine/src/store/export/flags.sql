-- The reason of a danger is the note about the same subject in the flag's own change; from a phone of an older version, which wrote it right
-- after, the first one of the same member within ten minutes.
SELECT x.door, x.voter, x.flag, x.is_set,
       CASE WHEN x.flag = 'danger' AND x.is_set = 1 THEN coalesce(
           (SELECT n.text FROM every_note n
            WHERE n.doc = x.doc AND n.change_hash = x.change_hash AND n.door IS x.door AND n.voter IS x.voter
            ORDER BY n.id LIMIT 1),
           (SELECT n.text FROM every_note n
            WHERE n.doc = x.doc AND n.by_member = x.by_member AND n.at BETWEEN x.at AND x.at + 600000
                AND n.door IS x.door AND n.voter IS x.voter
            ORDER BY n.at, n.id LIMIT 1), '') ELSE '' END AS reason
