-- A feed from the future belongs to another life of this store: tell everything.
SELECT doc.id, doc.kind, doc.last, doc.feed, handed_out.access, doc.seen
FROM device
JOIN member ON member.key = device.member
JOIN campaign ON campaign.key = device.campaign
JOIN doc ON doc.campaign = campaign.key AND doc.feed > CASE WHEN $2::bigint <= campaign.feed THEN $2::bigint ELSE 0 END
LEFT JOIN handed_out ON handed_out.doc = doc.key AND handed_out.device = device.key
WHERE device.id = $1 AND (member.role <> 'canvasser' OR doc.kind = 'campaign' OR handed_out.doc IS NOT NULL)
ORDER BY doc.feed
FETCH FIRST ($3::bigint) ROWS WITH TIES
