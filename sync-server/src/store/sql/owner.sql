SELECT device.key, device.campaign, device.is_placeholder, member.role, handed_out.access
FROM device
JOIN member ON member.key = device.member
LEFT JOIN handed_out ON handed_out.device = device.key AND handed_out.doc = :doc
WHERE device.id = :device
