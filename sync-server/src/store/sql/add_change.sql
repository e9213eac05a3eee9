INSERT INTO change (doc, n, hash, bytes) VALUES (:doc, :n, :hash, :bytes)
