SELECT p.door, p.id, p.first, p.last, p.at
FROM turf_doc t
JOIN person p ON p.doc = t.doc
WHERE t.turf = :turf
ORDER BY p.at, p.id
