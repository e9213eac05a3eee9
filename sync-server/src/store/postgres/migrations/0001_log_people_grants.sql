-- The relay itself: one row.
CREATE TABLE relay (
    key     INTEGER PRIMARY KEY CHECK (key = 1),
    epoch   BIGINT NOT NULL,
    made_at BIGINT NOT NULL,
    -- Until when the store recovers from having been put back from a copy; 0 when it never was.
    recovering_until BIGINT NOT NULL DEFAULT 0
);

-- `feed` numbers what happened in the campaign; `grants` numbers changes to who may see what.
-- Whoever draws a number of either holds this row's lock until the commit: numbers become visible in their order.
CREATE TABLE campaign (
    key     BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id      BYTEA  NOT NULL UNIQUE,
    name    TEXT   NOT NULL,
    feed    BIGINT NOT NULL DEFAULT 0,
    grants  BIGINT NOT NULL DEFAULT 1,
    made_at BIGINT NOT NULL
);

-- `last` is the number of the document's last change, `seen` the last one that a coordinator's device has stored, `feed` the campaign's
-- feed when one of them last rose, `heads` the hashes of all heads, sorted, 32 bytes each. Whoever appends to the log holds this row's
-- lock until the commit.
CREATE TABLE doc (
    key      BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id       BYTEA  NOT NULL UNIQUE,
    campaign BIGINT NOT NULL REFERENCES campaign (key),
    kind     TEXT   NOT NULL,
    last     BIGINT NOT NULL DEFAULT 0,
    seen     BIGINT NOT NULL DEFAULT 0,
    feed     BIGINT NOT NULL DEFAULT 0,
    heads    BYTEA  NOT NULL DEFAULT '',
    made_at  BIGINT NOT NULL
);
CREATE INDEX doc_by_feed ON doc (campaign, feed);
CREATE UNIQUE INDEX one_campaign_doc ON doc (campaign) WHERE kind = 'campaign';

CREATE TABLE member (
    key      BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id       BYTEA  NOT NULL UNIQUE,
    campaign BIGINT NOT NULL REFERENCES campaign (key),
    name     TEXT   NOT NULL,
    role     TEXT   NOT NULL
);

CREATE TABLE device (
    key         BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id          BYTEA   NOT NULL UNIQUE,
    campaign    BIGINT  NOT NULL REFERENCES campaign (key),
    member      BIGINT  NOT NULL REFERENCES member (key),
    token_hash  BYTEA   NOT NULL UNIQUE,
    lease_until BIGINT  NOT NULL,
    last_heard  BIGINT,
    is_revoked  BOOLEAN NOT NULL DEFAULT FALSE
);
CREATE INDEX device_by_campaign ON device (campaign);

-- An invite without a campaign founds one.
CREATE TABLE invite (
    key         BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id          BYTEA  NOT NULL UNIQUE,
    secret_hash BYTEA  NOT NULL UNIQUE,
    campaign    BIGINT REFERENCES campaign (key),
    role        TEXT   NOT NULL,
    label       TEXT   NOT NULL,
    uses        BIGINT NOT NULL,
    expires_at  BIGINT NOT NULL
);

CREATE TABLE invite_doc (
    invite BIGINT NOT NULL REFERENCES invite (key),
    doc    BIGINT NOT NULL REFERENCES doc (key),
    PRIMARY KEY (invite, doc)
);

CREATE TABLE invite_use (
    invite BIGINT NOT NULL REFERENCES invite (key),
    device BIGINT NOT NULL REFERENCES device (key),
    PRIMARY KEY (invite, device)
);

-- What was handed to a device beyond what its role sees by itself.
CREATE TABLE handed_out (
    device BIGINT NOT NULL REFERENCES device (key),
    doc    BIGINT NOT NULL REFERENCES doc (key),
    access TEXT   NOT NULL,
    PRIMARY KEY (device, doc)
);

-- Each actor of a document writes for one device, in one chain.
CREATE TABLE actor (
    doc       BIGINT NOT NULL REFERENCES doc (key),
    actor     BYTEA  NOT NULL,
    device    BIGINT NOT NULL REFERENCES device (key),
    last_seq  BIGINT NOT NULL,
    last_hash BYTEA  NOT NULL,
    PRIMARY KEY (doc, actor)
);

-- The log: appended to, never edited. `n` counts from 1 without gaps within a document.
-- No foreign key: each row is written by a transaction that holds its document's row.
CREATE TABLE change (
    doc   BIGINT NOT NULL,
    n     BIGINT NOT NULL,
    hash  BYTEA  NOT NULL,
    bytes BYTEA  NOT NULL,
    PRIMARY KEY (doc, n)
);
CREATE UNIQUE INDEX change_by_hash ON change (doc, hash);

-- A document's log folded up to change `n`; empty where it cannot be. The log stays the truth.
CREATE TABLE snapshot (
    doc   BIGINT NOT NULL PRIMARY KEY REFERENCES doc (key),
    n     BIGINT NOT NULL,
    bytes BYTEA  NOT NULL
);

CREATE TABLE pack (
    hash    BYTEA  NOT NULL PRIMARY KEY,
    n_bytes BIGINT NOT NULL,
    bytes   BYTEA  NOT NULL
);
-- Packs are gzipped already; kept as they are, a part is read without unfolding the whole.
ALTER TABLE pack ALTER COLUMN bytes SET STORAGE EXTERNAL;
ALTER TABLE snapshot ALTER COLUMN bytes SET STORAGE EXTERNAL;

CREATE TABLE pack_doc (
    hash BYTEA  NOT NULL REFERENCES pack (hash),
    doc  BIGINT NOT NULL REFERENCES doc (key),
    PRIMARY KEY (hash, doc)
);
