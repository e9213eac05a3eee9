INSERT INTO actor (doc, actor, device, last_seq, last_hash, n_ops)
VALUES (:doc, :actor, :device, :seq, :hash, :n_ops)
ON CONFLICT (doc, actor) DO UPDATE
SET last_seq = excluded.last_seq, last_hash = excluded.last_hash, n_ops = actor.n_ops + excluded.n_ops
