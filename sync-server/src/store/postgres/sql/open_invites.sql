SELECT invite.id, invite.role, invite.label, invite.uses, invite.expires_at, invite.made_at, maker.id, coalesce(member.name, ''),
       ARRAY(SELECT doc.id
             FROM invite_doc
             JOIN doc ON doc.key = invite_doc.doc
             WHERE invite_doc.invite = invite.key
             ORDER BY doc.key),
       ARRAY(SELECT person.name
             FROM invite_use
             JOIN device ON device.key = invite_use.device
             JOIN member AS person ON person.key = device.member
             WHERE invite_use.invite = invite.key
             ORDER BY device.key)
FROM invite
JOIN campaign ON campaign.key = invite.campaign
LEFT JOIN device AS maker ON maker.key = invite.made_by
LEFT JOIN member ON member.key = maker.member
WHERE campaign.id = $1 AND invite.expires_at > $2 AND NOT coalesce(maker.is_revoked, FALSE)
  AND (SELECT count(*) FROM invite_use WHERE invite_use.invite = invite.key) < invite.uses
ORDER BY invite.key DESC
LIMIT $3
