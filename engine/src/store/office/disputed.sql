SELECT c.doc, c.voter, c.question, c.value
FROM conflict c
WHERE NOT EXISTS (SELECT 1 FROM round r JOIN wave w ON w.doc = r.doc AND w.id = r.wave
                  WHERE r.turf_doc = c.doc AND w.ended_at IS NOT NULL)
ORDER BY c.doc, c.voter, c.question, c.value
