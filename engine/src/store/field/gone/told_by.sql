-- Visits of a document, and the marks that it carries, oldest first.
SELECT voter, at, by_member, result AS what
FROM visit
WHERE doc = :doc AND voter IS NOT NULL AND is_retracted = 0
UNION ALL
SELECT voter, at, by_member, flag
FROM flag
WHERE doc = :doc AND voter IS NOT NULL AND flag IN ('moved', 'deceased') AND is_set = 1
ORDER BY 2, 1
