SELECT device.id, device.is_revoked
FROM device
JOIN campaign ON campaign.key = device.campaign
WHERE campaign.id = :campaign AND device.is_placeholder = 1
ORDER BY device.key
