-- Locked: who uses it at this moment does so before it is withdrawn, or not at all.
SELECT invite.key, invite.role
FROM invite
JOIN campaign ON campaign.key = invite.campaign
WHERE campaign.id = $1 AND invite.id = $2
FOR NO KEY UPDATE OF invite
