SELECT member.role, device.is_revoked,
       (SELECT count(*)
        FROM invite
        WHERE invite.made_by = device.key AND invite.expires_at > :now
          AND (SELECT count(*) FROM invite_use WHERE invite_use.invite = invite.key) < invite.uses)
FROM device
JOIN member ON member.key = device.member
WHERE device.id = :device AND device.campaign = :campaign AND device.is_placeholder = 0
