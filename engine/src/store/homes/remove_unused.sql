DELETE FROM door
WHERE id = ?1
    AND NOT EXISTS (SELECT 1 FROM voter WHERE door = ?1)
    AND NOT EXISTS (SELECT 1 FROM turf_door WHERE door = ?1)
    AND NOT EXISTS (SELECT 1 FROM visit WHERE door = ?1)
    AND NOT EXISTS (SELECT 1 FROM every_note WHERE door = ?1)
    AND NOT EXISTS (SELECT 1 FROM flag WHERE door = ?1)
    AND NOT EXISTS (SELECT 1 FROM person WHERE door = ?1)
