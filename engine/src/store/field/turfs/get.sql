SELECT t.turf, t.doc, t.name, t.pack, max(t.minutes, 0) AS minutes, d.access
FROM turf_doc t
JOIN doc d ON d.id = t.doc
WHERE t.turf = :turf
ORDER BY d.access = 'hand_in', d.access = 'read', t.doc DESC
LIMIT 1
