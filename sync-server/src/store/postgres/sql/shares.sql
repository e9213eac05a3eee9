SELECT actor.doc, device.id, sum(actor.n_ops)::bigint
FROM actor
JOIN device ON device.key = actor.device
WHERE actor.doc = ANY ($1)
GROUP BY actor.doc, device.id
