-- The newest wave of a turf, where this device may write neither in it nor in a later one and holds a document of an earlier one.
SELECT w.name
FROM round r
JOIN wave w ON w.doc = r.doc AND w.id = r.wave
WHERE r.turf = :turf AND w.ended_at IS NULL
  AND NOT EXISTS (SELECT 1 FROM wave_undone u WHERE u.doc = r.doc AND u.id = r.wave)
  AND r.wave > (SELECT coalesce(max(o.wave), zeroblob(16)) FROM round o WHERE o.turf_doc = :doc)
  AND NOT EXISTS (SELECT 1
                  FROM round g
                  JOIN doc d ON d.id = g.turf_doc
                  WHERE g.turf = r.turf AND g.wave >= r.wave AND d.access = 'write')
ORDER BY r.wave DESC
LIMIT 1
