SELECT id, first, last, NULL, '', phone, '', at FROM person WHERE door = ?1 ORDER BY id, doc
