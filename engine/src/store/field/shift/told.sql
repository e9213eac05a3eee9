SELECT a.visit, v.at, a.voter, a.question, a.value, v.script
FROM visit v
JOIN asked a ON a.doc = v.doc AND a.visit = v.id
WHERE v.doc = :doc AND v.by_member = :member AND v.is_retracted = 0
ORDER BY v.at, v.id, a.voter, a.question
