-- The reason is the note of the same change, or else the one that came with the flag, by the same person within ten minutes, or else the
-- newest note about the thing.
SELECT f.door, f.voter, f.at,
    COALESCE(w.name, (SELECT m.name FROM member m WHERE m.id = f.by_member LIMIT 1), '') AS by_name,
    COALESCE(
        (
            SELECT n.text FROM note n
            WHERE n.doc = f.doc AND n.change_hash = f.change_hash AND n.door IS f.door AND n.voter IS f.voter LIMIT 1
        ),
        (
            SELECT n.text FROM note n
            WHERE n.door IS f.door AND n.voter IS f.voter AND n.by_member = f.by_member AND n.at BETWEEN f.at - 600000 AND f.at + 600000
            ORDER BY n.at >= f.at DESC, abs(n.at - f.at) LIMIT 1
        ),
        (SELECT n.text FROM note n WHERE n.door IS f.door AND n.voter IS f.voter ORDER BY n.at DESC, n.id DESC LIMIT 1),
        ''
    ) AS reason
FROM flag f
LEFT JOIN walker w ON w.doc = f.doc AND w.id = f.by_member
WHERE f.flag = 'danger' AND f.is_set = 1
    AND NOT EXISTS (
        SELECT 1 FROM flag n
        WHERE n.flag = f.flag AND n.door IS f.door AND n.voter IS f.voter AND (n.at > f.at OR (n.at = f.at AND n.id > f.id))
    )
