INSERT INTO change (doc, n, hash, bytes)
SELECT doc, n, hash, bytes
FROM unnest($1::bigint[], $2::bigint[], $3::bytea[], $4::bytea[]) AS new (doc, n, hash, bytes)
