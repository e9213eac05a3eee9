UPDATE doc
SET last = raised.last, feed = raised.feed, heads = raised.heads
FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bytea[]) AS raised (key, last, feed, heads)
WHERE doc.key = raised.key
