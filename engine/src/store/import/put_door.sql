INSERT INTO door (id, number, street, unit, city, zip, precinct, side) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
ON CONFLICT (id) DO UPDATE SET
    number = excluded.number, street = excluded.street, unit = excluded.unit, city = excluded.city, zip = excluded.zip,
    precinct = excluded.precinct, side = excluded.side
