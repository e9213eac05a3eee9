SELECT DISTINCT t.doc, coalesce(w.name, '') AS name
FROM turf_door p
JOIN turf_doc t ON t.turf = p.turf
JOIN round r ON r.turf_doc = t.doc
LEFT JOIN wave w ON w.doc = r.doc AND w.id = r.wave
WHERE p.door = :door
