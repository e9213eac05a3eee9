-- The first time counts.
UPDATE device
SET revoked_at = iif(is_revoked, revoked_at, :now), revoked_by = iif(is_revoked, revoked_by, :by), is_revoked = 1
WHERE id = :device
RETURNING campaign
