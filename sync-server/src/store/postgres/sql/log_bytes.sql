SELECT change.bytes
FROM unnest($1::bigint[], $2::bigint[]) WITH ORDINALITY AS asked (doc, n, at)
JOIN change ON change.doc = asked.doc AND change.n = asked.n
ORDER BY asked.at
