UPDATE building SET lon = found.lon, lat = found.lat
FROM (SELECT building, min(lon) AS lon, lat FROM door WHERE building IS NOT NULL AND lon IS NOT NULL GROUP BY building) AS found
WHERE found.building = building.id
