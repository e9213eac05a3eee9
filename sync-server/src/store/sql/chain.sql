SELECT device.id, actor.last_seq, actor.last_hash
FROM actor
JOIN device ON device.key = actor.device
WHERE actor.doc = :doc AND actor.actor = :actor
