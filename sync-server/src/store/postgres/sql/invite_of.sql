-- Locked: a concurrent use comes before the withdrawal, or fails.
SELECT invite.key, invite.role
FROM invite
JOIN campaign ON campaign.key = invite.campaign
WHERE campaign.id = $1 AND invite.id = $2
FOR NO KEY UPDATE OF invite
