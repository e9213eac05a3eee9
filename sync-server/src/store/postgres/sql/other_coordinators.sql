SELECT 1
FROM device AS leaving
JOIN device ON device.campaign = leaving.campaign AND device.key <> leaving.key
JOIN member ON member.key = device.member
WHERE leaving.id = $1 AND member.role = 'coordinator' AND NOT device.is_revoked AND device.lease_until > $2
LIMIT 1
