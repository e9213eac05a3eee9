SELECT campaign.id, doc.id, campaign.name, member.id, member.role, device.lease_until, campaign.grants, device.id,
       ARRAY(SELECT doc.id
             FROM handed_out
             JOIN doc ON doc.key = handed_out.doc
             WHERE handed_out.device = device.key AND handed_out.access = 'write'
             ORDER BY doc.key)
FROM device
JOIN member ON member.key = device.member
JOIN campaign ON campaign.key = device.campaign
JOIN doc ON doc.campaign = campaign.key AND doc.kind = 'campaign'
WHERE device.key = $1
