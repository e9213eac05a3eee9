SELECT bytes, is_own
FROM change
WHERE doc = ?1 AND acked_at = 0 AND hash NOT IN (SELECT hash FROM heard WHERE doc = ?1)
ORDER BY position
LIMIT ?2
