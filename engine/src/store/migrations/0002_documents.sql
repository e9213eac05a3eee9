-- Documents with their changes, and the rows derived from them. Raw changes are the truth; the rest can be rebuilt.

CREATE TABLE doc (
    id         BLOB NOT NULL PRIMARY KEY,
    kind       TEXT NOT NULL,
    access     TEXT NOT NULL,
    is_born    INTEGER NOT NULL DEFAULT 0, -- 1 while made here and not acknowledged by a relay
    epoch      INTEGER NOT NULL DEFAULT 0, -- the relay's epoch that the cursor belongs to
    cursor     INTEGER NOT NULL DEFAULT 0,
    relay_last INTEGER NOT NULL DEFAULT 0, -- the last change known to be at the relay
    seen       INTEGER NOT NULL DEFAULT 0, -- up to which of the relay's numbers a coordinator's device has stored it
    told       INTEGER NOT NULL DEFAULT 0, -- up to which of them the relay knows that this device has
    heads      INTEGER NOT NULL DEFAULT 0, -- a model::wire::HeadsDigest of what is here
    trouble    TEXT NOT NULL DEFAULT ''    -- why it is in quarantine
) STRICT, WITHOUT ROWID;

CREATE TABLE change (
    doc      BLOB NOT NULL REFERENCES doc (id),
    position INTEGER NOT NULL, -- order of arrival here: dependencies before dependants
    hash     BLOB NOT NULL,
    actor    BLOB NOT NULL,
    seq      INTEGER NOT NULL,
    bytes    BLOB NOT NULL,
    is_own   INTEGER NOT NULL, -- made on this device
    n        INTEGER NOT NULL DEFAULT 0, -- its number in the relay's log, or a higher one; 0: not known
    acked_at INTEGER NOT NULL DEFAULT 0, -- when a relay was known to hold it; 0: only this device does
    PRIMARY KEY (doc, position)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX change_by_hash ON change (doc, hash);
CREATE INDEX change_held ON change (doc, position) WHERE acked_at = 0;

CREATE TABLE pack (
    hash    BLOB NOT NULL PRIMARY KEY,
    doc     BLOB NOT NULL,
    bytes   BLOB NOT NULL,
    is_sent INTEGER NOT NULL DEFAULT 0 -- 0 while only this device is known to hold it
) STRICT, WITHOUT ROWID;

-- From the campaign document.
CREATE TABLE campaign (
    doc    BLOB NOT NULL PRIMARY KEY,
    name   TEXT NOT NULL,
    script TEXT NOT NULL -- the version in force; '' when there is none
) STRICT, WITHOUT ROWID;
CREATE TABLE script (
    doc  BLOB NOT NULL,
    id   TEXT NOT NULL,
    body TEXT NOT NULL, -- a model::script::Script as JSON
    PRIMARY KEY (doc, id)
) STRICT, WITHOUT ROWID;
CREATE TABLE member (
    doc  BLOB NOT NULL,
    id   BLOB NOT NULL,
    name TEXT NOT NULL,
    PRIMARY KEY (doc, id)
) STRICT, WITHOUT ROWID;
CREATE TABLE turf (
    id    BLOB NOT NULL PRIMARY KEY,
    doc   BLOB NOT NULL, -- the campaign document that lists it
    entry TEXT NOT NULL  -- a model::turf::TurfEntry as JSON
) STRICT, WITHOUT ROWID;

-- From turf documents.
CREATE TABLE turf_doc (
    doc        BLOB NOT NULL PRIMARY KEY,
    turf       BLOB NOT NULL,
    name       TEXT NOT NULL,
    pack       BLOB NOT NULL,
    minutes    INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
CREATE INDEX turf_doc_by_turf ON turf_doc (turf);
CREATE TABLE visit (
    doc          BLOB NOT NULL,
    id           BLOB NOT NULL,
    door         BLOB NOT NULL,
    voter        BLOB,
    at           INTEGER NOT NULL,
    by_member    BLOB NOT NULL,
    device       BLOB NOT NULL,
    how          TEXT NOT NULL,
    result       TEXT NOT NULL,
    script       TEXT NOT NULL,
    is_retracted INTEGER NOT NULL,
    change_hash  BLOB NOT NULL,
    PRIMARY KEY (doc, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX visit_by_door ON visit (door, at);
CREATE TABLE asked (
    doc      BLOB NOT NULL,
    visit    BLOB NOT NULL,
    voter    BLOB NOT NULL,
    question BLOB NOT NULL,
    value    TEXT NOT NULL,
    PRIMARY KEY (doc, visit, voter, question)
) STRICT, WITHOUT ROWID;
CREATE INDEX asked_by_voter ON asked (voter, question);
CREATE TABLE answer (
    doc      BLOB NOT NULL,
    voter    BLOB NOT NULL,
    question BLOB NOT NULL,
    value    TEXT NOT NULL,
    PRIMARY KEY (doc, voter, question)
) STRICT, WITHOUT ROWID;
CREATE INDEX answer_by_voter ON answer (voter);
CREATE TABLE conflict (
    doc      BLOB NOT NULL,
    voter    BLOB NOT NULL,
    question BLOB NOT NULL,
    value    TEXT NOT NULL, -- one row for each of the differing answers
    PRIMARY KEY (doc, voter, question, value)
) STRICT, WITHOUT ROWID;
CREATE TABLE note (
    doc         BLOB NOT NULL,
    id          BLOB NOT NULL,
    door        BLOB,
    voter       BLOB,
    text        TEXT NOT NULL,
    at          INTEGER NOT NULL,
    by_member   BLOB NOT NULL,
    change_hash BLOB NOT NULL,
    PRIMARY KEY (doc, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX note_by_door ON note (door) WHERE door IS NOT NULL;
CREATE INDEX note_by_voter ON note (voter) WHERE voter IS NOT NULL;
-- Every setting and lifting of a flag; the newest for a thing and flag counts.
CREATE TABLE flag (
    doc         BLOB NOT NULL,
    id          BLOB NOT NULL,
    door        BLOB,
    voter       BLOB,
    flag        TEXT NOT NULL,
    is_set      INTEGER NOT NULL,
    at          INTEGER NOT NULL,
    by_member   BLOB NOT NULL,
    change_hash BLOB NOT NULL,
    PRIMARY KEY (doc, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX flag_by_door ON flag (door) WHERE door IS NOT NULL;
CREATE INDEX flag_by_voter ON flag (voter) WHERE voter IS NOT NULL;
CREATE TABLE person (
    doc         BLOB NOT NULL,
    id          BLOB NOT NULL,
    door        BLOB NOT NULL,
    first       TEXT NOT NULL,
    last        TEXT NOT NULL,
    phone       TEXT NOT NULL,
    at          INTEGER NOT NULL,
    by_member   BLOB NOT NULL,
    change_hash BLOB NOT NULL,
    PRIMARY KEY (doc, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX person_by_door ON person (door);
CREATE TABLE walker (
    doc  BLOB NOT NULL,
    id   BLOB NOT NULL,
    name TEXT NOT NULL,
    PRIMARY KEY (doc, id)
) STRICT, WITHOUT ROWID;
