SELECT asked.at, doc.key, doc.campaign, doc.kind, doc.last, doc.seen, doc.heads, handed_out.access, snapshot.n,
       octet_length(snapshot.bytes)
FROM unnest($1::bytea[]) WITH ORDINALITY AS asked (id, at)
JOIN doc ON doc.id = asked.id
LEFT JOIN handed_out ON handed_out.doc = doc.key AND handed_out.device = (SELECT key FROM device WHERE id = $2)
LEFT JOIN snapshot ON snapshot.doc = doc.key
