SELECT id
FROM visit
WHERE door = :door AND at = :at AND doc = :doc AND voter IS :voter AND by_member = :member AND how = :how AND result = :result
    AND is_retracted = 0
ORDER BY id
LIMIT 1
