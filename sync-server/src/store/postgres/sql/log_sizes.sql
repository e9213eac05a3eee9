SELECT asked.at, change.n, change.hash, octet_length(change.bytes)
FROM unnest($1::bigint[], $2::bigint[], $3::bigint[]) WITH ORDINALITY AS asked (doc, after, upto, at)
JOIN change ON change.doc = asked.doc AND change.n > asked.after AND change.n <= asked.upto
ORDER BY asked.at, change.n
