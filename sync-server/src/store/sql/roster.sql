SELECT device.key, device.id, member.id, member.name, member.role, device.last_heard, device.is_revoked,
       device.lease_until, device.token_hash, device.revoked_at, device.revoked_by, coalesce(revoker.name, '')
FROM device
JOIN member ON member.key = device.member
JOIN campaign ON campaign.key = device.campaign
LEFT JOIN device AS revoking ON revoking.id = device.revoked_by
LEFT JOIN member AS revoker ON revoker.key = revoking.member
WHERE campaign.id = :campaign AND device.is_placeholder = 0
ORDER BY device.key
