SELECT t.turf
FROM door d
JOIN turf_door p ON p.door = d.id
JOIN turf_doc t ON t.turf = p.turf
WHERE d.building = :building
ORDER BY t.turf, p.position
LIMIT 1
