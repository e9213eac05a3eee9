-- When a device was revoked, and the id of the device with which that was done: its own where it left, none where it was whoever runs the relay.
-- The time is 0 while it is served, and where a program that knows nothing of this revoked it. The id is no foreign key: people go in any order.
ALTER TABLE device ADD COLUMN revoked_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE device ADD COLUMN revoked_by BLOB;
