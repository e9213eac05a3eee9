SELECT count(*)
FROM round r
WHERE r.wave = :wave
  AND NOT EXISTS (SELECT 1
                  FROM round o
                  LEFT JOIN wave w ON w.doc = o.doc AND w.id = o.wave
                  LEFT JOIN wave_undone u ON u.doc = o.doc AND u.id = o.wave
                  WHERE o.turf = r.turf AND o.wave <> r.wave AND w.ended_at IS NULL AND u.at IS NULL)
