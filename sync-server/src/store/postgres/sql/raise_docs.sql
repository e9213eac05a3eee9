UPDATE doc
SET last = raised.last, feed = raised.feed, heads = raised.heads, n_ops = raised.n_ops
FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bytea[], $5::bigint[]) AS raised (key, last, feed, heads, n_ops)
WHERE doc.key = raised.key
