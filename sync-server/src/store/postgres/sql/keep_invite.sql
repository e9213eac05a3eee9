INSERT INTO invite (id, secret_hash, campaign, role, label, uses, expires_at)
VALUES ($1, $2, $3, $4, $5, $6, $7)
RETURNING key
