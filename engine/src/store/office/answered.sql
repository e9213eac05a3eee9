SELECT a.doc, coalesce(t.name, '') AS turf, coalesce(w.name, '') AS wave, a.voter, a.question, a.value
FROM answer a
LEFT JOIN turf_doc t ON t.doc = a.doc
LEFT JOIN round r ON r.turf_doc = a.doc
LEFT JOIN wave w ON w.doc = r.doc AND w.id = r.wave
ORDER BY a.doc, a.voter, a.question
