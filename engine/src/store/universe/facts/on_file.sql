SELECT id, first, last, age, party, phone, source_id, NULL FROM voter WHERE door = ?1 ORDER BY id
