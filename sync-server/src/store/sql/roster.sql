SELECT device.key, device.id, member.id, member.name, member.role, device.last_heard, device.is_revoked,
       device.lease_until, device.token_hash
FROM device
JOIN member ON member.key = device.member
JOIN campaign ON campaign.key = device.campaign
WHERE campaign.id = :campaign AND device.is_placeholder = 0
ORDER BY device.key
