SELECT a.visit, a.value
FROM asked a
JOIN visit v ON v.doc = a.doc AND v.id = a.visit
WHERE a.doc = :doc AND a.voter = :voter AND a.question = :question AND v.is_retracted = 0
ORDER BY v.at DESC, v.id DESC
