-- Hubs: a captain's device that takes results in where there is no internet.

-- Changes that the hub has which this device uses. Tables of their own: adding a column to a strict one asks for more of SQLite than
-- the web app's has.
CREATE TABLE at_hub (
    doc  BLOB NOT NULL,
    hash BLOB NOT NULL,
    PRIMARY KEY (doc, hash)
) STRICT, WITHOUT ROWID;
-- Changes that were heard from a hub, which has them, as has whoever wrote them: they are not this device's to save while no relay is known
-- to hold them.
CREATE TABLE heard (
    doc  BLOB NOT NULL,
    hash BLOB NOT NULL,
    PRIMARY KEY (doc, hash)
) STRICT, WITHOUT ROWID;

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
