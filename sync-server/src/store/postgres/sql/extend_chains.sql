INSERT INTO actor (doc, actor, device, last_seq, last_hash)
SELECT doc, actor, device, last_seq, last_hash
FROM unnest($1::bigint[], $2::bytea[], $3::bigint[], $4::bigint[], $5::bytea[]) AS new (doc, actor, device, last_seq, last_hash)
ON CONFLICT (doc, actor) DO UPDATE SET last_seq = excluded.last_seq, last_hash = excluded.last_hash
