SELECT key, campaign, last, heads, n_ops
FROM doc
WHERE key = ANY ($1)
ORDER BY key
FOR NO KEY UPDATE
