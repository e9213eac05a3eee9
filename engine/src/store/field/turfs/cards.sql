SELECT t.turf, t.name, max(t.minutes, 0) AS minutes,
       EXISTS (SELECT 1 FROM pack k WHERE k.hash = t.pack) AS is_ready,
       (SELECT count(*) FROM turf_door p WHERE p.turf = t.turf) AS n_doors,
       (SELECT count(DISTINCT v.door) FROM visit v WHERE v.doc = t.doc AND v.is_retracted = 0) AS n_done
FROM turf_doc t
JOIN doc d ON d.id = t.doc
WHERE d.access <> 'hand_in'
ORDER BY t.turf, t.doc
