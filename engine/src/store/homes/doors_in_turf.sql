SELECT id, number, street, unit, city, zip, precinct, lon, lat, is_guessed, side, building
FROM door WHERE id IN (SELECT door FROM turf_door) ORDER BY id
