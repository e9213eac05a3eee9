SELECT v.door, v.id, v.first, v.last, NULL AS at
FROM turf_door p
JOIN voter v ON v.door = p.door
WHERE p.turf = :turf
ORDER BY p.position, v.last, v.first, v.id
