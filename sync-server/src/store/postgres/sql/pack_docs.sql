SELECT doc.kind, handed_out.access
FROM pack_doc
JOIN doc ON doc.key = pack_doc.doc
LEFT JOIN handed_out ON handed_out.doc = doc.key AND handed_out.device = $2
WHERE pack_doc.hash = $1 AND doc.campaign = $3
