SELECT v.script
FROM asked s
JOIN visit v ON v.doc = s.doc AND v.id = s.visit
WHERE s.doc = :doc AND s.voter = :voter AND s.question = :question AND s.value = :value
ORDER BY v.is_retracted, v.at DESC, v.id DESC
LIMIT 1
