-- Hubs: a captain's device that takes results in where there is no internet.

-- Whether the hub that this device uses has the change.
ALTER TABLE change ADD COLUMN is_at_hub INTEGER NOT NULL DEFAULT 0;
-- Whether the change was heard from a hub, which has it, as has whoever wrote it: it is not this device's to save.
ALTER TABLE change ADD COLUMN is_heard INTEGER NOT NULL DEFAULT 0;

-- Up to where this device has the log of the hub it uses.
CREATE TABLE hub_doc (
    doc    BLOB NOT NULL PRIMARY KEY,
    cursor INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- On a hub: changes that stand on others which are not here. They wait until those come, from the relay or from another phone.
CREATE TABLE parcel (
    position   INTEGER PRIMARY KEY,
    doc        BLOB NOT NULL,
    hash       BLOB NOT NULL,
    device     BLOB NOT NULL, -- whose they are, as that device showed
    bytes      BLOB NOT NULL,
    is_refused INTEGER NOT NULL DEFAULT 0 -- 1 once they turned out to be none that may be taken in
) STRICT;
CREATE UNIQUE INDEX parcel_by_hash ON parcel (doc, hash);
