SELECT v.doc, v.id, v.at, v.how, v.result, v.door, v.voter, coalesce(t.name, '') AS turf,
       coalesce((SELECT w.name FROM round r JOIN wave w ON w.doc = r.doc AND w.id = r.wave WHERE r.turf_doc = v.doc), '') AS wave,
       coalesce((SELECT w.name FROM walker w WHERE w.doc = v.doc AND w.id = v.by_member),
                (SELECT m.name FROM member m WHERE m.doc = :campaign AND m.id = v.by_member), '') AS by_name
FROM visit v
LEFT JOIN turf_doc t ON t.doc = v.doc
WHERE v.is_retracted = 0
ORDER BY v.at, v.id
