INSERT INTO door (id, number, street, unit, city, zip, precinct, lon, lat, is_guessed, side, building)
VALUES (:id, :number, :street, :unit, :city, :zip, :precinct, :lon, :lat, :is_guessed, :side, :building)
ON CONFLICT (id) DO UPDATE SET
    number = excluded.number, street = excluded.street, unit = excluded.unit, city = excluded.city, zip = excluded.zip,
    precinct = excluded.precinct, lon = excluded.lon, lat = excluded.lat, is_guessed = excluded.is_guessed,
    side = excluded.side, building = excluded.building
