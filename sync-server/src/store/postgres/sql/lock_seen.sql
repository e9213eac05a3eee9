SELECT key, id, last, seen
FROM doc
WHERE id = ANY ($1) AND campaign = $2
ORDER BY key
FOR NO KEY UPDATE
