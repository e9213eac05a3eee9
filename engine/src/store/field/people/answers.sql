WITH behind (voter) AS (SELECT id FROM voter WHERE door = :door UNION SELECT id FROM person WHERE door = :door)
SELECT a.voter, a.question, a.value,
       EXISTS (SELECT 1 FROM conflict c
               WHERE c.doc = a.doc AND c.voter = a.voter AND c.question = a.question) AS is_conflict,
       coalesce((SELECT v.script
                 FROM asked s
                 JOIN visit v ON v.doc = s.doc AND v.id = s.visit
                 WHERE s.doc = a.doc AND s.voter = a.voter AND s.question = a.question AND s.value = a.value
                 ORDER BY v.is_retracted, v.at DESC, v.id DESC
                 LIMIT 1), '') AS script
FROM behind
JOIN answer a ON a.doc = :doc AND a.voter = behind.voter
ORDER BY a.voter, a.question
