-- Voters whom imported files mark confidential, by id alone: what comes later, a turf's pack say, may name them still.
CREATE TABLE confidential (
    voter BLOB NOT NULL PRIMARY KEY
) STRICT, WITHOUT ROWID;
