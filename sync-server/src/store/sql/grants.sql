SELECT doc.id, doc.kind, handed_out.access
FROM doc
LEFT JOIN handed_out ON handed_out.doc = doc.key AND handed_out.device = :device
WHERE doc.campaign = :campaign
ORDER BY doc.key
