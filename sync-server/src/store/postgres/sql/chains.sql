SELECT actor.doc, actor.actor, device.id, actor.last_seq, actor.last_hash
FROM unnest($1::bigint[], $2::bytea[]) AS asked (doc, actor)
JOIN actor ON actor.doc = asked.doc AND actor.actor = asked.actor
JOIN device ON device.key = actor.device
