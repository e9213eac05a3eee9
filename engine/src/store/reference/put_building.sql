INSERT INTO building (id, number, street, lon, lat) VALUES (:id, :number, :street, :lon, :lat)
ON CONFLICT (id) DO UPDATE SET number = excluded.number, street = excluded.street, lon = excluded.lon, lat = excluded.lat
