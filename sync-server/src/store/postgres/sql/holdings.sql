SELECT
    campaign.name,
    (SELECT count(*) FROM member WHERE member.campaign = campaign.key),
    (SELECT count(*) FROM device WHERE device.campaign = campaign.key),
    (SELECT count(*) FROM doc WHERE doc.campaign = campaign.key),
    (SELECT coalesce(sum(doc.last), 0)::bigint FROM doc WHERE doc.campaign = campaign.key),
    (SELECT count(DISTINCT pack_doc.hash) FROM pack_doc JOIN doc ON doc.key = pack_doc.doc WHERE doc.campaign = campaign.key)
FROM campaign
WHERE campaign.id = $1
