SELECT member.role, device.is_revoked,
       (SELECT count(*)
        FROM invite
        WHERE invite.made_by = device.key AND invite.expires_at > $3
          AND (SELECT count(*) FROM invite_use WHERE invite_use.invite = invite.key) < invite.uses)
FROM device
JOIN member ON member.key = device.member
WHERE device.id = $1 AND device.campaign = $2 AND NOT device.is_placeholder
