-- The list's entry of the turf that a document is of, in whatever wave.
SELECT t.entry
FROM round r
JOIN turf t ON t.id = r.turf
WHERE r.turf_doc = :doc AND EXISTS (SELECT 1 FROM change c WHERE c.doc = :doc)
ORDER BY r.wave, r.turf
LIMIT 1
