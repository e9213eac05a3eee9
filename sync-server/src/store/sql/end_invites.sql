-- All that still let someone in.
UPDATE invite
SET expires_at = :now
WHERE expires_at > :now
  AND (SELECT count(*) FROM invite_use WHERE invite_use.invite = invite.key) < uses
  AND NOT EXISTS (SELECT 1 FROM device AS maker WHERE maker.key = invite.made_by AND maker.is_revoked = 1)
