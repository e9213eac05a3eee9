-- Who made an invite and when; without a device it was whoever runs the relay, without a time an older program. One that is withdrawn has
-- ended: programs that know nothing of it let nobody in by it either.
ALTER TABLE invite ADD COLUMN made_by BIGINT REFERENCES device (key);
ALTER TABLE invite ADD COLUMN made_at BIGINT NOT NULL DEFAULT 0;
CREATE INDEX invite_by_campaign ON invite (campaign, expires_at);
