SELECT device.id, campaign.id, member.role, device.lease_until, device.is_revoked
FROM device
JOIN member ON member.key = device.member
JOIN campaign ON campaign.key = device.campaign
WHERE device.token_hash = $1
