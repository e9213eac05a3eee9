-- One person without a name for each device: the rows are joined by their position in the list.
WITH wanted AS (
    SELECT id, campaign, uuid_send(gen_random_uuid()) AS member_id
    FROM unnest($1::BYTEA[], $2::BIGINT[]) AS wanted (id, campaign)
), nobody AS (
    INSERT INTO member (id, campaign, name, role)
    SELECT member_id, campaign, '', 'canvasser' FROM wanted
    RETURNING key, id
)
INSERT INTO device (id, campaign, member, token_hash, lease_until, is_placeholder)
SELECT wanted.id, wanted.campaign, nobody.key,
       sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())), 0, TRUE
FROM wanted
JOIN nobody ON nobody.id = wanted.member_id
RETURNING id, key
