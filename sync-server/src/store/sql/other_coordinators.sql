SELECT 1
FROM device AS leaving
JOIN device ON device.campaign = leaving.campaign AND device.key <> leaving.key
JOIN member ON member.key = device.member
WHERE leaving.id = :device AND member.role = 'coordinator' AND device.is_revoked = 0 AND device.lease_until > :now
LIMIT 1
