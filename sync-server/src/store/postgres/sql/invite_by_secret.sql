SELECT invite.key, invite.campaign, invite.role, invite.label, invite.uses, invite.expires_at, campaign.name,
       (SELECT count(*) FROM invite_use WHERE invite_use.invite = invite.key) AS n_used
FROM invite
LEFT JOIN campaign ON campaign.key = invite.campaign
WHERE invite.secret_hash = $1
