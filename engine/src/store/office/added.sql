SELECT p.id, p.first, p.last, coalesce(d.number, '') AS number, coalesce(d.street, '') AS street, coalesce(d.unit, '') AS unit
FROM person p
LEFT JOIN door d ON d.id = p.door
ORDER BY p.last, p.first, p.id
