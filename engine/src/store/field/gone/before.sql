-- People who are gone, or were met again, according to the documents of the turf in waves before that of :doc, and to the marks that :doc itself
-- carries, oldest first. A mark of a whole door counts as long as the visit with which it was made stands.
WITH here (wave) AS (SELECT coalesce(max(wave), zeroblob(16)) FROM round WHERE turf_doc = :doc),
earlier (doc) AS (
    SELECT r.turf_doc FROM round r JOIN here WHERE r.turf = :turf AND r.wave < here.wave AND r.turf_doc <> :doc
)
SELECT v.voter, v.door, v.at, v.by_member, v.result AS what
FROM earlier e
JOIN visit v ON v.doc = e.doc
WHERE v.voter IS NOT NULL AND v.is_retracted = 0
UNION ALL
SELECT f.voter, f.door, f.at, f.by_member, f.flag
FROM (SELECT doc FROM earlier UNION SELECT :doc) e
JOIN flag f ON f.doc = e.doc
WHERE f.voter IS NOT NULL AND f.is_set = 1
    AND (f.flag IN ('moved', 'deceased')
         OR (f.flag IN ('door_moved', 'door_deceased') AND f.doc <> :doc
             AND NOT EXISTS (SELECT 1 FROM visit v
                             WHERE v.door = f.door AND v.doc = f.doc AND v.change_hash = f.change_hash AND v.is_retracted = 1)))
ORDER BY 3, 1
