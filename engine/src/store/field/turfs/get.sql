-- A document of a wave that goes on before one that has ended, a writable one before a read-only one; then the newest, but one whose start was
-- undone and in which nothing is recorded comes last.
SELECT t.turf, t.doc, t.name, t.pack, max(t.minutes, 0) AS minutes, d.access, w.ended_at IS NOT NULL AS is_ended,
       (u.at IS NOT NULL
       AND NOT EXISTS (SELECT 1 FROM visit x WHERE x.doc = t.doc)
       AND NOT EXISTS (SELECT 1 FROM every_note x WHERE x.doc = t.doc)
       AND NOT EXISTS (SELECT 1 FROM flag x WHERE x.doc = t.doc)
       AND NOT EXISTS (SELECT 1 FROM person x WHERE x.doc = t.doc)) AS is_aside
FROM turf_doc t
JOIN doc d ON d.id = t.doc
LEFT JOIN round r ON r.turf_doc = t.doc
LEFT JOIN wave w ON w.doc = r.doc AND w.id = r.wave
LEFT JOIN wave_undone u ON u.doc = r.doc AND u.id = r.wave
WHERE t.turf = :turf
ORDER BY is_ended, d.access = 'hand_in', d.access = 'read', is_aside, r.wave DESC, t.doc DESC
LIMIT 1
