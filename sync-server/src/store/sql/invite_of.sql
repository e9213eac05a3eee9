SELECT invite.key, invite.role
FROM invite
JOIN campaign ON campaign.key = invite.campaign
WHERE campaign.id = :campaign AND invite.id = :invite
