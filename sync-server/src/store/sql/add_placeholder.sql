INSERT INTO device (id, campaign, member, token_hash, lease_until, is_placeholder)
VALUES (:id, :campaign, :member, randomblob(32), 0, 1)
