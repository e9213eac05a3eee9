INSERT INTO change_hash (doc, hash, n)
SELECT doc, hash, n FROM change WHERE doc = :doc AND n > :indexed ORDER BY hash
