
LEFT JOIN turf_doc t ON t.doc = x.doc
WHERE (:wave IS NULL OR x.doc IN (SELECT turf_doc FROM round WHERE wave = :wave))
ORDER BY x.at, x.id
