-- Reference data: what voter files, address files, street files and packs tell. Never edited by a canvasser.

CREATE TABLE setting (
    key   TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE building (
    id     BLOB NOT NULL PRIMARY KEY,
    number TEXT NOT NULL,
    street TEXT NOT NULL,
    lon    REAL,
    lat    REAL
) STRICT, WITHOUT ROWID;

CREATE TABLE door (
    id         BLOB NOT NULL PRIMARY KEY,
    number     TEXT NOT NULL,
    street     TEXT NOT NULL,
    unit       TEXT NOT NULL DEFAULT '',
    city       TEXT NOT NULL DEFAULT '',
    zip        TEXT NOT NULL DEFAULT '',
    precinct   TEXT NOT NULL DEFAULT '',
    lon        REAL,
    lat        REAL,
    is_guessed INTEGER NOT NULL DEFAULT 0,
    side       TEXT NOT NULL DEFAULT 'unknown',
    building   BLOB REFERENCES building (id)
) STRICT, WITHOUT ROWID;
CREATE INDEX door_by_street ON door (street, number);
CREATE INDEX door_by_building ON door (building) WHERE building IS NOT NULL;
CREATE INDEX door_by_precinct ON door (precinct);

CREATE TABLE voter (
    id        BLOB NOT NULL PRIMARY KEY,
    door      BLOB NOT NULL REFERENCES door (id),
    first     TEXT NOT NULL DEFAULT '',
    last      TEXT NOT NULL DEFAULT '',
    age       INTEGER,
    party     TEXT NOT NULL DEFAULT '',
    phone     TEXT NOT NULL DEFAULT '',
    source_id TEXT NOT NULL DEFAULT ''
) STRICT, WITHOUT ROWID;
CREATE INDEX voter_by_door ON voter (door);

-- Full text over voters of the file; a person added at a door is found through its own table.
-- One row for each voter: `name` and `address` are indexed, `voter` (hex id) is only kept.
CREATE VIRTUAL TABLE search USING fts5 (
    name, address, voter UNINDEXED, tokenize = 'unicode61 remove_diacritics 2', prefix = '1 2 3'
);

-- Address points as read from address files; key is the normalised address without unit.
CREATE TABLE point (
    key TEXT NOT NULL PRIMARY KEY,
    lon REAL NOT NULL,
    lat REAL NOT NULL
) STRICT, WITHOUT ROWID;

-- Street lines and areas; `line` and `ring` are JSON arrays of [lon, lat].
CREATE TABLE street (
    id    INTEGER PRIMARY KEY,
    name  TEXT NOT NULL,
    class TEXT NOT NULL,
    line  TEXT NOT NULL
) STRICT;
CREATE TABLE area (
    id   INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    ring TEXT NOT NULL
) STRICT;

CREATE TABLE import_file (
    id         INTEGER PRIMARY KEY,
    name       TEXT NOT NULL,
    kind       TEXT NOT NULL,
    at         INTEGER NOT NULL,
    n_rows     INTEGER NOT NULL,
    n_taken    INTEGER NOT NULL,
    n_problems INTEGER NOT NULL
) STRICT;
CREATE TABLE import_problem (
    id          INTEGER PRIMARY KEY,
    import_file INTEGER NOT NULL REFERENCES import_file (id),
    problem     TEXT NOT NULL -- a model::calls::files::Problem as JSON
) STRICT;

-- Which doors a turf has, in walking order. `turf` is also known before its pack is here.
CREATE TABLE turf_door (
    turf     BLOB NOT NULL,
    position INTEGER NOT NULL,
    door     BLOB NOT NULL REFERENCES door (id),
    PRIMARY KEY (turf, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX turf_door_by_door ON turf_door (door);
