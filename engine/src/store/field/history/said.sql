SELECT a.visit, a.question, a.value
FROM visit v
JOIN asked a ON a.doc = v.doc AND a.visit = v.id
WHERE v.door = :door
ORDER BY a.visit, a.question
