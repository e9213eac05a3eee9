INSERT INTO change (doc, position, hash, actor, seq, bytes, is_own, acked_at)
SELECT :doc, coalesce((SELECT max(position) FROM change WHERE doc = :doc), 0) + 1,
       :hash, :actor, :seq, :bytes, :is_own, :acked_at
WHERE NOT EXISTS (SELECT 1 FROM change WHERE doc = :doc AND hash = :hash)
