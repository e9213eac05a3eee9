UPDATE doc
SET last = :last, feed = :feed, heads = :heads, indexed = :indexed, n_ops = n_ops + :n_ops
WHERE key = :doc
