INSERT INTO device (id, campaign, member, token_hash, lease_until)
VALUES (:id, :campaign, :member, :token, :lease_until)
