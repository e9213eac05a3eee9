SELECT doc.id, doc.kind, handed_out.access
FROM doc
LEFT JOIN handed_out ON handed_out.doc = doc.key AND handed_out.device = $1
WHERE doc.campaign = $2 AND ($3 OR doc.kind = 'campaign' OR handed_out.doc IS NOT NULL)
ORDER BY doc.key
