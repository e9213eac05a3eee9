SELECT v.first, v.last, d.number, d.street, d.unit
FROM voter v
JOIN door d ON d.id = v.door
WHERE v.id = ?1
