SELECT min(v.at) AS at
FROM asked s
JOIN visit v ON v.doc = s.doc AND v.id = s.visit
WHERE s.doc = :doc AND s.voter = :voter AND s.question = :question AND s.value = :value AND v.is_retracted = 0
