-- When visits were taken back: what was taken back last can be recorded again. Of those that were before this table nothing is known.
CREATE TABLE retraction (
    doc   BLOB NOT NULL,
    visit BLOB NOT NULL,
    at    INTEGER NOT NULL,
    PRIMARY KEY (doc, visit)
) STRICT, WITHOUT ROWID;
