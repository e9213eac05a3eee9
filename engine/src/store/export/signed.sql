,
       x.doc, x.id, x.at, x.by_member, coalesce(t.name, '') AS turf,
       coalesce((SELECT CASE WHEN r.wave = zeroblob(16) THEN :first_wave ELSE w.name END
                 FROM round r LEFT JOIN wave w ON w.doc = r.doc AND w.id = r.wave
                 WHERE r.turf_doc = x.doc), '') AS wave,
       coalesce((SELECT w.name FROM walker w WHERE w.doc = x.doc AND w.id = x.by_member),
                (SELECT m.name FROM member m WHERE m.doc = :campaign AND m.id = x.by_member), '') AS by_name
