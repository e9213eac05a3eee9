-- Whose the devices are that wrote what is here, as the relay said: never overwritten. `member` is NULL while the relay has not said;
-- `asked_at` is when it was last asked.
CREATE TABLE author (
    device   BLOB NOT NULL PRIMARY KEY,
    member   BLOB,
    role     TEXT NOT NULL DEFAULT '',
    asked_at INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

-- Whose entries devices claim to write of which the relay has not said whose they are: their documents are derived again where it says otherwise.
CREATE TABLE claim (
    device BLOB NOT NULL,
    doc    BLOB NOT NULL,
    member BLOB NOT NULL,
    PRIMARY KEY (device, doc, member)
) STRICT, WITHOUT ROWID;

-- Changes with an entry that is dated later than a relay was known here to hold the change, which was at `seen_at`.
CREATE TABLE late_change (
    doc     BLOB NOT NULL,
    hash    BLOB NOT NULL,
    seen_at INTEGER NOT NULL,
    PRIMARY KEY (doc, hash)
) STRICT, WITHOUT ROWID;

-- From turf documents: entries that break a law. They stay in the document, and no other row is derived from them.
CREATE TABLE broken_law (
    doc       BLOB NOT NULL,
    map       TEXT NOT NULL, -- the top-level map of the entry
    entry     TEXT NOT NULL, -- its key there
    law       TEXT NOT NULL, -- a model::calls::settle::Law
    door      BLOB,
    voter     BLOB,
    at        INTEGER NOT NULL,
    by_member BLOB NOT NULL, -- whose it claims to be
    device    BLOB NOT NULL, -- the device that wrote it; zeros where it names none
    PRIMARY KEY (doc, map, entry)
) STRICT, WITHOUT ROWID;
