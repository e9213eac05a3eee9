SELECT b.doc, b.map, b.entry, b.law, b.door, b.voter, b.at, b.by_member, b.device
FROM broken_law b
WHERE NOT EXISTS (SELECT 1 FROM round r JOIN wave w ON w.doc = r.doc AND w.id = r.wave
                  WHERE r.turf_doc = b.doc AND w.ended_at IS NOT NULL)
ORDER BY b.doc, b.at, b.map, b.entry
LIMIT ?1
