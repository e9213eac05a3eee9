SELECT device.id, member.id, member.name, member.role, device.last_heard, device.is_revoked,
       ARRAY(SELECT doc.id
             FROM handed_out
             JOIN doc ON doc.key = handed_out.doc
             WHERE handed_out.device = device.key AND handed_out.access = 'write'
             ORDER BY doc.key),
       ARRAY(SELECT doc.id
             FROM handed_out
             JOIN doc ON doc.key = handed_out.doc
             WHERE handed_out.device = device.key AND handed_out.access = 'hand_in'
             ORDER BY doc.key),
       device.lease_until, device.token_hash, device.revoked_at, device.revoked_by, coalesce(revoker.name, '')
FROM device
JOIN member ON member.key = device.member
JOIN campaign ON campaign.key = device.campaign
LEFT JOIN device AS revoking ON revoking.id = device.revoked_by
LEFT JOIN member AS revoker ON revoker.key = revoking.member
WHERE campaign.id = $1 AND NOT device.is_placeholder
ORDER BY device.key
