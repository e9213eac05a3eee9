WITH every AS (
    SELECT t.turf, t.doc, t.name, t.pack, t.minutes, d.access, w.ended_at, r.wave,
           (u.at IS NOT NULL
            AND NOT EXISTS (SELECT 1 FROM visit x WHERE x.doc = t.doc)
            AND NOT EXISTS (SELECT 1 FROM every_note x WHERE x.doc = t.doc)
            AND NOT EXISTS (SELECT 1 FROM flag x WHERE x.doc = t.doc)
            AND NOT EXISTS (SELECT 1 FROM person x WHERE x.doc = t.doc)) AS is_aside
    FROM turf_doc t
    JOIN doc d ON d.id = t.doc
    LEFT JOIN round r ON r.turf_doc = t.doc
    LEFT JOIN wave w ON w.doc = r.doc AND w.id = r.wave
    LEFT JOIN wave_undone u ON u.doc = r.doc AND u.id = r.wave
),
ranked AS (
    SELECT turf, doc, name, pack, minutes, access, ended_at,
           row_number() OVER (PARTITION BY turf
                              ORDER BY ended_at IS NOT NULL, access = 'hand_in', access = 'read', is_aside, wave DESC, doc DESC) AS place
    FROM every
)
SELECT t.turf, t.doc, t.name, max(t.minutes, 0) AS minutes,
       EXISTS (SELECT 1 FROM pack k WHERE k.hash = t.pack) AS is_ready,
       (SELECT count(*) FROM turf_door p WHERE p.turf = t.turf) AS n_doors,
       (SELECT count(DISTINCT v.door) FROM visit v WHERE v.doc = t.doc AND v.is_retracted = 0) AS n_done,
       EXISTS (SELECT 1 FROM visit v WHERE v.doc = t.doc AND v.voter IS NOT NULL AND v.is_retracted = 0)
       OR EXISTS (SELECT 1 FROM turf_doc o JOIN person x ON x.doc = o.doc WHERE o.turf = t.turf) AS has_persons
FROM ranked t
WHERE t.place = 1 AND t.access <> 'hand_in' AND t.ended_at IS NULL
ORDER BY t.turf
