-- As before.sql, of one document: its visits, and every mark in it, oldest first.
SELECT voter, door, at, by_member, result AS what
FROM visit
WHERE doc = :doc AND voter IS NOT NULL AND is_retracted = 0
UNION ALL
SELECT f.voter, f.door, f.at, f.by_member, f.flag
FROM flag f
WHERE f.doc = :doc AND f.voter IS NOT NULL AND f.is_set = 1
    AND (f.flag IN ('moved', 'deceased')
         OR (f.flag IN ('door_moved', 'door_deceased')
             AND NOT EXISTS (SELECT 1 FROM visit v
                             WHERE v.door = f.door AND v.doc = f.doc AND v.change_hash = f.change_hash AND v.is_retracted = 1)))
ORDER BY 3, 1
