SELECT 1
FROM asked a
JOIN visit v ON v.doc = a.doc AND v.id = a.visit
WHERE a.doc = ?1 AND a.voter = ?2 AND a.question = ?3 AND a.value = ?4 AND v.change_hash = ?5
