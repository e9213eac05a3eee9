WITH ranked AS (
    SELECT t.turf, t.doc, t.name, t.pack, t.minutes, d.access, w.ended_at,
           row_number() OVER (PARTITION BY t.turf
                              ORDER BY w.ended_at IS NOT NULL, d.access = 'hand_in', d.access = 'read', r.wave DESC, t.doc DESC) AS place
    FROM turf_doc t
    JOIN doc d ON d.id = t.doc
    LEFT JOIN round r ON r.turf_doc = t.doc
    LEFT JOIN wave w ON w.doc = r.doc AND w.id = r.wave
)
SELECT t.turf, t.doc, t.name, max(t.minutes, 0) AS minutes,
       EXISTS (SELECT 1 FROM pack k WHERE k.hash = t.pack) AS is_ready,
       (SELECT count(*) FROM turf_door p WHERE p.turf = t.turf) AS n_doors,
       (SELECT count(DISTINCT v.door) FROM visit v WHERE v.doc = t.doc AND v.is_retracted = 0) AS n_done
FROM ranked t
WHERE t.place = 1 AND t.access <> 'hand_in' AND t.ended_at IS NULL
ORDER BY t.turf
