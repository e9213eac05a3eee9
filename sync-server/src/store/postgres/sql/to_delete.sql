SELECT
    key,
    last,
    (SELECT coalesce(sum(pack.n_bytes), 0)::bigint FROM pack_doc JOIN pack ON pack.hash = pack_doc.hash WHERE pack_doc.doc = doc.key)
FROM doc
WHERE key = ANY ($1)
ORDER BY key
