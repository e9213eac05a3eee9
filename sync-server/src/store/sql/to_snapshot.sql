SELECT doc.id
FROM doc
LEFT JOIN snapshot ON snapshot.doc = doc.key
WHERE doc.last - coalesce(snapshot.n, 0) >= :n_changes
ORDER BY doc.last - coalesce(snapshot.n, 0) DESC, doc.key
LIMIT :limit
