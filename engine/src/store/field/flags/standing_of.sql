-- The newest setting or lifting of each flag in all documents; of those, the ones in this document, liftings only of what another document set.
SELECT door, voter, flag, is_set, at, by_member
FROM (SELECT doc, door, voter, flag, is_set, at, by_member,
             row_number() OVER (PARTITION BY door, voter, flag ORDER BY at DESC, id DESC) AS place,
             count(*) OVER (PARTITION BY door, voter, flag) AS n_all,
             count(*) OVER (PARTITION BY door, voter, flag, doc) AS n_here
      FROM flag)
WHERE place = 1 AND doc = :doc AND (is_set = 1 OR n_all > n_here)
ORDER BY at, door, voter, flag
