-- The first time counts.
UPDATE device
SET revoked_at = CASE WHEN is_revoked THEN revoked_at ELSE $2 END,
    revoked_by = CASE WHEN is_revoked THEN revoked_by ELSE $3 END,
    is_revoked = TRUE
WHERE id = $1
RETURNING campaign
