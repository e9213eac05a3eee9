SELECT name, at
FROM import_file
WHERE kind = 'streets' AND ?1 = 0
  AND id < coalesce((SELECT min(id >> 32) FROM street WHERE id >> 32 > 0), id + 1)
ORDER BY id DESC
LIMIT 1
