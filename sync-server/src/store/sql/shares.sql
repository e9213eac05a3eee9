SELECT device.id, sum(actor.n_ops)
FROM actor
JOIN device ON device.key = actor.device
WHERE actor.doc = :doc
GROUP BY device.id
