SELECT count(*), count(DISTINCT v.door)
FROM round r
JOIN visit v ON v.doc = r.turf_doc AND v.is_retracted = 0
WHERE r.wave = :wave
