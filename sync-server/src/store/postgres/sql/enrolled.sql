SELECT device.key, device.id, device.campaign, device.lease_until, device.is_revoked, member.role, campaign.id, campaign.grants,
       campaign.feed
FROM device
JOIN member ON member.key = device.member
JOIN campaign ON campaign.key = device.campaign
WHERE device.id = ANY ($1)
