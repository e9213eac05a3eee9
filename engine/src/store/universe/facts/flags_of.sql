-- Of a voter, but for those that name their door, which are read with it.
SELECT f.id, f.doc, f.door, f.voter, f.flag, f.is_set, f.at, f.change_hash,
       EXISTS (SELECT 1 FROM visit v
               WHERE v.door = f.door AND v.doc = f.doc AND v.change_hash = f.change_hash AND v.is_retracted = 1) AS is_undone
FROM flag f
WHERE f.voter = ?1 AND f.door IS NOT ?2
