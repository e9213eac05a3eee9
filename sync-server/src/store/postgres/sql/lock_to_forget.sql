SELECT key, id, campaign, kind
FROM doc
WHERE id = ANY ($1)
ORDER BY key
FOR UPDATE
