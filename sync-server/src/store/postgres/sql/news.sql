-- A feed number from the future belongs to another epoch of this store: send everything. One role sees all turf, by the feed; the other what
-- the device holds, however many documents the campaign has.
WITH known AS (
    SELECT
        device.key AS device,
        device.campaign,
        member.role <> 'canvasser' AS sees_all,
        CASE WHEN $2::bigint <= campaign.feed THEN $2::bigint ELSE 0 END AS since
    FROM device
    JOIN member ON member.key = device.member
    JOIN campaign ON campaign.key = device.campaign
    WHERE device.id = $1
)
SELECT doc.id, doc.kind, doc.last, doc.feed, NULL AS access, doc.seen
FROM known
JOIN doc ON doc.campaign = known.campaign AND doc.feed > known.since
WHERE known.sees_all
UNION ALL
SELECT doc.id, doc.kind, doc.last, doc.feed, NULL AS access, doc.seen
FROM known
JOIN doc ON doc.campaign = known.campaign AND doc.kind = 'campaign' AND doc.feed > known.since
WHERE NOT known.sees_all
UNION ALL
-- Of kinds that only a newer relay knows, all: the role may see them by itself.
SELECT doc.id, doc.kind, doc.last, doc.feed, NULL AS access, doc.seen
FROM known
JOIN doc ON doc.campaign = known.campaign AND doc.kind <> 'campaign' AND doc.kind <> 'turf' AND doc.feed > known.since
WHERE NOT known.sees_all
UNION ALL
SELECT doc.id, doc.kind, doc.last, doc.feed, handed_out.access, doc.seen
FROM known
JOIN handed_out ON handed_out.device = known.device
JOIN doc ON doc.key = handed_out.doc AND doc.campaign = known.campaign AND doc.kind <> 'campaign' AND doc.feed > known.since
WHERE NOT known.sees_all
ORDER BY feed
FETCH FIRST ($3::bigint) ROWS WITH TIES
