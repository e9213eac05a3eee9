SELECT x.id, x.name, x.doc, coalesce(t.name, '') AS turf,
       coalesce((SELECT CASE WHEN r.wave = zeroblob(16) THEN :first_wave ELSE w.name END
                 FROM round r LEFT JOIN wave w ON w.doc = r.doc AND w.id = r.wave
                 WHERE r.turf_doc = x.doc), '') AS wave,
       (SELECT count(*) FROM visit v WHERE v.doc = x.doc AND v.by_member = x.id AND v.is_retracted = 0) AS n_visits
FROM walker x
LEFT JOIN turf_doc t ON t.doc = x.doc
WHERE :wave IS NULL OR x.doc IN (SELECT turf_doc FROM round WHERE wave = :wave)
ORDER BY x.name, x.id, x.doc
