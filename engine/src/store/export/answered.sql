SELECT a.doc, a.voter, a.question, a.value,
       coalesce(t.name, '') AS turf,
       coalesce((SELECT CASE WHEN r.wave = zeroblob(16) THEN :first_wave ELSE w.name END
                 FROM round r LEFT JOIN wave w ON w.doc = r.doc AND w.id = r.wave
                 WHERE r.turf_doc = a.doc), '') AS wave,
       coalesce((SELECT v.script
                 FROM asked s
                 JOIN visit v ON v.doc = s.doc AND v.id = s.visit
                 WHERE s.doc = a.doc AND s.voter = a.voter AND s.question = a.question AND s.value = a.value
                 ORDER BY v.is_retracted, v.at DESC, v.id DESC
                 LIMIT 1), '') AS script
FROM answer a
LEFT JOIN turf_doc t ON t.doc = a.doc
WHERE :wave IS NULL OR a.doc IN (SELECT turf_doc FROM round WHERE wave = :wave)
ORDER BY a.doc, a.voter, a.question
