SELECT member.name
FROM invite_use
JOIN device ON device.key = invite_use.device
JOIN member ON member.key = device.member
WHERE invite_use.invite = :invite
ORDER BY device.key
