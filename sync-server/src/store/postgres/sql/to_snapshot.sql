SELECT doc.id
FROM doc
LEFT JOIN snapshot ON snapshot.doc = doc.key
WHERE doc.last - coalesce(snapshot.n, 0) >= greatest($1, doc.last / 10)
ORDER BY doc.last - coalesce(snapshot.n, 0) DESC, doc.key
LIMIT $2
