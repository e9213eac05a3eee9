-- The list entry of a document's turf, in whatever wave.
SELECT t.entry
FROM round r
JOIN turf t ON t.id = r.turf
WHERE r.turf_doc = :doc AND EXISTS (SELECT 1 FROM change c WHERE c.doc = :doc)
ORDER BY r.wave, r.turf
LIMIT 1
