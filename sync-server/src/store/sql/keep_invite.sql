INSERT INTO invite (id, secret_hash, campaign, role, label, uses, expires_at, made_at, made_by)
VALUES (:id, :secret, :campaign, :role, :label, :uses, :expires_at, :made_at, (SELECT key FROM device WHERE id = :made_by))
