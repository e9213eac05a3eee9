-- Rows that name others, by whom they name: else removing one reads all that might name it.
CREATE INDEX actor_by_device ON actor (device);
CREATE INDEX invite_use_by_device ON invite_use (device);
CREATE INDEX invite_by_maker ON invite (made_by);
CREATE INDEX device_by_member ON device (member);
CREATE INDEX member_by_campaign ON member (campaign);
CREATE INDEX forgotten_by_campaign ON forgotten (campaign);
