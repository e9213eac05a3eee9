UPDATE doc
SET seen = raised.n, feed = $3
FROM unnest($1::bigint[], $2::bigint[]) AS raised (key, n)
WHERE doc.key = raised.key
