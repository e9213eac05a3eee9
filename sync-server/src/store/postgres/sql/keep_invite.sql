INSERT INTO invite (id, secret_hash, campaign, role, label, uses, expires_at, made_at, made_by)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, (SELECT key FROM device WHERE id = $9))
RETURNING key
