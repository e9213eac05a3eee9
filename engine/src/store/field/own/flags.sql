-- The newest entry for a subject and a flag counts, in whichever document it is.
SELECT f.door, f.voter, f.flag, f.is_set, f.at
FROM flag f
WHERE f.doc = :doc AND f.by_member = :member
    AND NOT EXISTS (
        SELECT 1 FROM flag n
        WHERE n.flag = f.flag AND n.door IS f.door AND n.voter IS f.voter AND (n.at > f.at OR (n.at = f.at AND n.id > f.id))
    )
ORDER BY f.at DESC
