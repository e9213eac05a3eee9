-- Voters who were here and are off the roll by a newer voter file: on no list and in no search, kept so that what was recorded with
-- them has their name and its place.
CREATE TABLE former (
    id        BLOB NOT NULL PRIMARY KEY,
    door      BLOB NOT NULL,
    first     TEXT NOT NULL,
    last      TEXT NOT NULL,
    age       INTEGER,
    party     TEXT NOT NULL,
    phone     TEXT NOT NULL,
    source_id TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Who lived behind a door by an earlier pack, by id alone: a talk that began before the list changed is recorded where it was held.
CREATE TABLE left_door (
    voter BLOB NOT NULL,
    door  BLOB NOT NULL,
    PRIMARY KEY (voter, door)
) STRICT, WITHOUT ROWID;

-- People are found by other words than before: the index is filled anew with the first start.
DROP TABLE search;
CREATE VIRTUAL TABLE search USING fts5 (
    name, address, voter UNINDEXED, tokenize = 'unicode61 remove_diacritics 2', prefix = '1 2 3'
);
