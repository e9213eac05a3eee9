SELECT device FROM author
WHERE (member IS NULL OR device IN (SELECT device FROM claim)) AND asked_at < ?1
ORDER BY asked_at, device LIMIT ?2
