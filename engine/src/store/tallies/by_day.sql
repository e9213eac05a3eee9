SELECT (h.hour * 3600000 + :offset_ms) / 86400000 AS day, h.result, sum(h.n) AS n
FROM round r
JOIN visit_hour h ON h.doc = r.turf_doc
WHERE r.wave = :wave
GROUP BY 1, 2
ORDER BY 1, 2
