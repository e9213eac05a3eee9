SELECT doc.id, doc.kind, doc.last, doc.feed, handed_out.access, doc.seen
FROM doc
LEFT JOIN handed_out ON handed_out.doc = doc.key AND handed_out.device = :device
WHERE doc.campaign = :campaign AND doc.feed > :feed
ORDER BY doc.feed
