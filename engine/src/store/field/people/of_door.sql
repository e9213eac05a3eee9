SELECT 0 AS is_added, 0 AS at, id, first, last, age, party, phone, source_id
FROM voter
WHERE door = :door
UNION ALL
SELECT 1, at, id, first, last, NULL, '', phone, ''
FROM person
WHERE door = :door
ORDER BY is_added, at, last, first, id
