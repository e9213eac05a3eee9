SELECT asked.device, doc.key, doc.id, doc.campaign, doc.kind, handed_out.access
FROM unnest($1::bigint[], $2::bytea[]) AS asked (device, doc)
JOIN doc ON doc.id = asked.doc
LEFT JOIN handed_out ON handed_out.device = asked.device AND handed_out.doc = doc.key
