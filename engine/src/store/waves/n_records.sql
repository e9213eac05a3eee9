SELECT coalesce(sum((SELECT count(*) FROM visit x WHERE x.doc = r.turf_doc)
                    + (SELECT count(*) FROM every_note x WHERE x.doc = r.turf_doc)
                    + (SELECT count(*) FROM flag x WHERE x.doc = r.turf_doc)
                    + (SELECT count(*) FROM every_person x WHERE x.doc = r.turf_doc)), 0)
FROM round r
WHERE r.wave = :wave
