INSERT OR REPLACE INTO former (id, door, first, last, age, party, phone, source_id)
SELECT id, door, first, last, age, party, phone, source_id FROM voter WHERE id = ?1
