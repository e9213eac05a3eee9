-- Visits of other documents of the turf, and the marks that any of them carries, oldest first.
SELECT v.voter, v.at, v.by_member, v.result AS what
FROM turf_doc t
JOIN visit v ON v.doc = t.doc
WHERE t.turf = :turf AND t.doc <> :doc AND v.voter IS NOT NULL AND v.is_retracted = 0
UNION ALL
SELECT f.voter, f.at, f.by_member, f.flag
FROM turf_doc t
JOIN flag f ON f.doc = t.doc
WHERE t.turf = :turf AND f.voter IS NOT NULL AND f.flag IN ('moved', 'deceased') AND f.is_set = 1
ORDER BY 2, 1
