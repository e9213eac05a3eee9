-- Devices of which nothing is known but that others brought back what they wrote, after the store was put back from a copy from before
-- they were enrolled. Nobody has their token. Programs that know nothing of them take them for canvassers who hold nothing.
ALTER TABLE device ADD COLUMN is_placeholder BOOLEAN NOT NULL DEFAULT FALSE;
CREATE INDEX placeholder_by_campaign ON device (campaign) WHERE is_placeholder;
