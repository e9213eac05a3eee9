-- The relay itself: one row.
CREATE TABLE relay (
    key     INTEGER PRIMARY KEY CHECK (key = 1),
    epoch   INTEGER NOT NULL,
    made_at INTEGER NOT NULL,
    -- Until when the store recovers from having been put back from a copy; 0 when it never was.
    recovering_until INTEGER NOT NULL DEFAULT 0
) STRICT;

-- `feed` numbers what happened in the campaign; `grants` numbers changes to who may see what.
CREATE TABLE campaign (
    key     INTEGER PRIMARY KEY,
    id      BLOB    NOT NULL UNIQUE,
    name    TEXT    NOT NULL,
    feed    INTEGER NOT NULL DEFAULT 0,
    grants  INTEGER NOT NULL DEFAULT 1,
    made_at INTEGER NOT NULL
) STRICT;

-- `last` is the number of the document's last change, `seen` the last one that a coordinator's device has stored, `feed` the campaign's
-- feed when one of them last rose.
CREATE TABLE doc (
    key      INTEGER PRIMARY KEY,
    id       BLOB    NOT NULL UNIQUE,
    campaign INTEGER NOT NULL REFERENCES campaign (key),
    kind     TEXT    NOT NULL,
    last     INTEGER NOT NULL DEFAULT 0,
    seen     INTEGER NOT NULL DEFAULT 0,
    feed     INTEGER NOT NULL DEFAULT 0,
    made_at  INTEGER NOT NULL
) STRICT;
CREATE INDEX doc_by_feed ON doc (campaign, feed);
CREATE UNIQUE INDEX one_campaign_doc ON doc (campaign) WHERE kind = 'campaign';

CREATE TABLE member (
    key      INTEGER PRIMARY KEY,
    id       BLOB    NOT NULL UNIQUE,
    campaign INTEGER NOT NULL REFERENCES campaign (key),
    name     TEXT    NOT NULL,
    role     TEXT    NOT NULL
) STRICT;

CREATE TABLE device (
    key         INTEGER PRIMARY KEY,
    id          BLOB    NOT NULL UNIQUE,
    campaign    INTEGER NOT NULL REFERENCES campaign (key),
    member      INTEGER NOT NULL REFERENCES member (key),
    token_hash  BLOB    NOT NULL UNIQUE,
    lease_until INTEGER NOT NULL,
    last_heard  INTEGER,
    is_revoked  INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX device_by_campaign ON device (campaign);

-- An invite without a campaign founds one.
CREATE TABLE invite (
    key         INTEGER PRIMARY KEY,
    id          BLOB    NOT NULL UNIQUE,
    secret_hash BLOB    NOT NULL UNIQUE,
    campaign    INTEGER REFERENCES campaign (key),
    role        TEXT    NOT NULL,
    label       TEXT    NOT NULL,
    uses        INTEGER NOT NULL,
    expires_at  INTEGER NOT NULL
) STRICT;

CREATE TABLE invite_doc (
    invite INTEGER NOT NULL REFERENCES invite (key),
    doc    INTEGER NOT NULL REFERENCES doc (key),
    PRIMARY KEY (invite, doc)
) STRICT, WITHOUT ROWID;

CREATE TABLE invite_use (
    invite INTEGER NOT NULL REFERENCES invite (key),
    device INTEGER NOT NULL REFERENCES device (key),
    PRIMARY KEY (invite, device)
) STRICT, WITHOUT ROWID;

-- What was handed to a device beyond what its role sees by itself.
CREATE TABLE handed_out (
    device INTEGER NOT NULL REFERENCES device (key),
    doc    INTEGER NOT NULL REFERENCES doc (key),
    access TEXT    NOT NULL,
    PRIMARY KEY (device, doc)
) STRICT, WITHOUT ROWID;

-- Each actor of a document writes for one device, in one chain.
CREATE TABLE actor (
    doc       INTEGER NOT NULL REFERENCES doc (key),
    actor     BLOB    NOT NULL,
    device    INTEGER NOT NULL REFERENCES device (key),
    last_seq  INTEGER NOT NULL,
    last_hash BLOB    NOT NULL,
    PRIMARY KEY (doc, actor)
) STRICT, WITHOUT ROWID;

-- The log: appended to, never edited. `n` counts from 1 without gaps within a document.
CREATE TABLE change (
    key   INTEGER PRIMARY KEY,
    doc   INTEGER NOT NULL REFERENCES doc (key),
    n     INTEGER NOT NULL,
    hash  BLOB    NOT NULL,
    bytes BLOB    NOT NULL
) STRICT;
CREATE UNIQUE INDEX change_by_n ON change (doc, n);
CREATE UNIQUE INDEX change_by_hash ON change (doc, hash);

-- A document's log folded up to change `n`; empty where it cannot be. The log stays the truth.
CREATE TABLE snapshot (
    doc   INTEGER NOT NULL PRIMARY KEY REFERENCES doc (key),
    n     INTEGER NOT NULL,
    bytes BLOB    NOT NULL
) STRICT;

CREATE TABLE head (
    doc  INTEGER NOT NULL REFERENCES doc (key),
    hash BLOB    NOT NULL,
    PRIMARY KEY (doc, hash)
) STRICT, WITHOUT ROWID;

CREATE TABLE pack (
    hash    BLOB    NOT NULL PRIMARY KEY,
    n_bytes INTEGER NOT NULL,
    bytes   BLOB    NOT NULL
) STRICT;

CREATE TABLE pack_doc (
    hash BLOB    NOT NULL REFERENCES pack (hash),
    doc  INTEGER NOT NULL REFERENCES doc (key),
    PRIMARY KEY (hash, doc)
) STRICT, WITHOUT ROWID;
