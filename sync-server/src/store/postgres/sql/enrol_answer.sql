SELECT campaign.id, doc.id, campaign.name, member.id, member.role, device.lease_until, campaign.grants, device.id
FROM device
JOIN member ON member.key = device.member
JOIN campaign ON campaign.key = device.campaign
JOIN doc ON doc.campaign = campaign.key AND doc.kind = 'campaign'
WHERE device.key = $1
