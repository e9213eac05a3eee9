SELECT door, voter, flag
FROM (SELECT door, voter, flag, is_set,
             row_number() OVER (PARTITION BY door, voter, flag ORDER BY at DESC, id DESC) AS place
      FROM flag)
WHERE place = 1 AND is_set = 1
