SELECT source_id, first, last, party FROM voter WHERE id = :voter
UNION ALL
SELECT source_id, first, last, party FROM former WHERE id = :voter
UNION ALL
SELECT '', first, last, '' FROM every_person WHERE id = :voter
LIMIT 1
