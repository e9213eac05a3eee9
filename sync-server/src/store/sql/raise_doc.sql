UPDATE doc SET last = :last, feed = :feed, heads = :heads, indexed = :indexed WHERE key = :doc
