INSERT INTO device (id, campaign, member, token_hash, lease_until)
VALUES ($1, $2, $3, $4, $5)
RETURNING key
