SELECT at, is_set
FROM (SELECT id, at, is_set, flag FROM flag WHERE door = :door
      UNION ALL
      SELECT id, at, is_set, flag FROM flag WHERE voter = :voter)
WHERE flag = :flag
ORDER BY at DESC, id DESC
LIMIT 1
