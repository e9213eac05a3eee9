INSERT INTO invite (id, secret_hash, campaign, role, label, uses, expires_at)
VALUES (:id, :secret, :campaign, :role, :label, :uses, :expires_at)
