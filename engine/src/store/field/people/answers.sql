WITH behind (voter) AS (SELECT id FROM voter WHERE door = :door UNION SELECT id FROM person WHERE door = :door)
SELECT a.voter, a.question, a.value,
       EXISTS (SELECT 1 FROM conflict c
               WHERE c.doc = a.doc AND c.voter = a.voter AND c.question = a.question) AS is_conflict
FROM behind
JOIN answer a ON a.doc = :doc AND a.voter = behind.voter
ORDER BY a.voter, a.question
