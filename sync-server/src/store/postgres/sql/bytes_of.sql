SELECT change.doc, change.bytes
FROM unnest($1::bigint[], $2::bytea[]) AS asked (doc, hash)
JOIN change ON change.doc = asked.doc AND change.hash = asked.hash
