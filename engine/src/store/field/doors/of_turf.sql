SELECT d.id, d.number, d.street, d.unit, d.lon, d.lat, d.building, d.side, b.lon AS entrance_lon, b.lat AS entrance_lat
FROM turf_door p
JOIN door d ON d.id = p.door
LEFT JOIN building b ON b.id = d.building
WHERE p.turf = :turf
ORDER BY p.position
