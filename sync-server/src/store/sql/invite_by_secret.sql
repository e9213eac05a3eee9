-- An invite whose maker was revoked has ended.
SELECT invite.key, invite.campaign, invite.role, invite.label, invite.uses,
       iif(coalesce(maker.is_revoked, 0), 0, invite.expires_at) AS expires_at, campaign.name,
       (SELECT count(*) FROM invite_use WHERE invite_use.invite = invite.key) AS n_used
FROM invite
LEFT JOIN campaign ON campaign.key = invite.campaign
LEFT JOIN device AS maker ON maker.key = invite.made_by
WHERE invite.secret_hash = :secret
