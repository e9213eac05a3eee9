INSERT INTO actor (doc, actor, device, last_seq, last_hash, n_ops)
SELECT doc, actor, device, last_seq, last_hash, n_ops
FROM unnest($1::bigint[], $2::bytea[], $3::bigint[], $4::bigint[], $5::bytea[], $6::bigint[])
    AS new (doc, actor, device, last_seq, last_hash, n_ops)
ON CONFLICT (doc, actor) DO UPDATE
SET last_seq = excluded.last_seq, last_hash = excluded.last_hash, n_ops = actor.n_ops + excluded.n_ops
