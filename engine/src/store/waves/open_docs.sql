SELECT r.turf_doc
FROM round r
LEFT JOIN wave w ON w.doc = r.doc AND w.id = r.wave
LEFT JOIN wave_undone u ON u.doc = r.doc AND u.id = r.wave
WHERE r.turf = :turf AND w.ended_at IS NULL
ORDER BY u.at IS NOT NULL, r.wave DESC
