SELECT max(expires_at)
FROM invite
WHERE campaign IS NULL AND expires_at > $1 AND NOT EXISTS (SELECT 1 FROM invite_use WHERE invite_use.invite = invite.key)
