SELECT v.id, v.at, v.by_member, v.script,
       coalesce((SELECT w.name FROM walker w WHERE w.doc = v.doc AND w.id = v.by_member),
                (SELECT m.name FROM member m WHERE m.doc = :campaign AND m.id = v.by_member), '') AS by_name
FROM asked a
JOIN visit v ON v.doc = a.doc AND v.id = a.visit
WHERE a.voter = :voter AND a.question = :question AND a.doc = :doc AND a.value = :value AND v.is_retracted = 0
ORDER BY v.at DESC, v.id DESC
LIMIT 1
