INSERT INTO snapshot (doc, n, bytes)
SELECT doc.key, $2, $3 FROM doc WHERE doc.id = $1 AND doc.last >= $2
ON CONFLICT (doc) DO UPDATE SET n = excluded.n, bytes = excluded.bytes WHERE excluded.n > snapshot.n
