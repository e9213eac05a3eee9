SELECT doc.kind, handed_out.access
FROM pack_doc
JOIN doc ON doc.key = pack_doc.doc
LEFT JOIN handed_out ON handed_out.doc = doc.key AND handed_out.device = :device
WHERE pack_doc.hash = :hash AND doc.campaign = :campaign
