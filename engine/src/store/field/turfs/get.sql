-- Of a wave that has not ended before one that has, one that may be written before one that may not, then the newest.
SELECT t.turf, t.doc, t.name, t.pack, max(t.minutes, 0) AS minutes, d.access, w.ended_at IS NOT NULL AS is_ended
FROM turf_doc t
JOIN doc d ON d.id = t.doc
LEFT JOIN round r ON r.turf_doc = t.doc
LEFT JOIN wave w ON w.doc = r.doc AND w.id = r.wave
WHERE t.turf = :turf
ORDER BY is_ended, d.access = 'hand_in', d.access = 'read', r.wave DESC, t.doc DESC
LIMIT 1
