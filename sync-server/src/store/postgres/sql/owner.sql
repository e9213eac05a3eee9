SELECT device.key, member.role, handed_out.access
FROM device
JOIN member ON member.key = device.member
LEFT JOIN handed_out ON handed_out.device = device.key AND handed_out.doc = $3
WHERE device.id = $1 AND device.campaign = $2
