SELECT street, number, unit, precinct, city, zip, lon, lat, (SELECT min(t.turf) FROM turf_door t WHERE t.door = door.id)
FROM door
WHERE id = ?1
