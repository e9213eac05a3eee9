SELECT id, number, street, unit, city, zip, precinct, lon, lat, is_guessed, side, building FROM door ORDER BY id
