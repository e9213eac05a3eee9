-- The note of the same change, or, from a phone of an older version, the first one that the same member wrote within ten minutes.
SELECT n.text
FROM flag f
JOIN note n ON n.doc = f.doc AND n.door IS f.door AND n.voter IS f.voter
    AND (n.change_hash = f.change_hash OR (n.by_member = f.by_member AND n.at BETWEEN f.at AND f.at + 600000))
WHERE f.doc = :doc AND f.flag = 'danger' AND f.is_set = 1 AND f.door IS :door AND f.voter IS :voter
ORDER BY f.at DESC, n.change_hash = f.change_hash DESC, n.at
LIMIT 1
