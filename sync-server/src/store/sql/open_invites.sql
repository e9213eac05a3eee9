SELECT invite.key, invite.id, invite.role, invite.label, invite.uses, invite.expires_at, invite.made_at, maker.id, coalesce(member.name, '')
FROM invite
JOIN campaign ON campaign.key = invite.campaign
LEFT JOIN device AS maker ON maker.key = invite.made_by
LEFT JOIN member ON member.key = maker.member
WHERE campaign.id = :campaign AND invite.expires_at > :now AND NOT coalesce(maker.is_revoked, 0)
  AND (SELECT count(*) FROM invite_use WHERE invite_use.invite = invite.key) < invite.uses
ORDER BY invite.key DESC
LIMIT :limit
