INSERT INTO snapshot (doc, n, bytes)
SELECT doc.key, :n, :bytes FROM doc WHERE doc.id = :doc AND doc.last >= :n
ON CONFLICT (doc) DO UPDATE SET n = excluded.n, bytes = excluded.bytes WHERE excluded.n > snapshot.n
