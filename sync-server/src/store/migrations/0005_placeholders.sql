-- Devices of which nothing is known but that others brought back what they wrote, after the store was put back from a copy from before
-- they were enrolled. Nobody has their token. Programs that know nothing of them take them for canvassers who hold nothing.
ALTER TABLE device ADD COLUMN is_placeholder INTEGER NOT NULL DEFAULT 0;
CREATE INDEX placeholder_by_campaign ON device (campaign) WHERE is_placeholder = 1;
