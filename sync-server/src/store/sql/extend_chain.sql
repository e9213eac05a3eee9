INSERT INTO actor (doc, actor, device, last_seq, last_hash)
VALUES (:doc, :actor, :device, :seq, :hash)
ON CONFLICT (doc, actor) DO UPDATE SET last_seq = excluded.last_seq, last_hash = excluded.last_hash
