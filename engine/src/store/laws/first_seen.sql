SELECT coalesce((SELECT seen_at FROM late_change WHERE doc = ?1 AND hash = ?2), nullif(acked_at, 0))
FROM change
WHERE doc = ?1 AND hash = ?2 AND is_own = 0
