-- Notes that were taken back, with who took each back, when, and in which change: exports tell them, screens do not. A table of their own,
-- as columns cannot be added to a strict one everywhere.
CREATE TABLE retracted_note (
    doc             BLOB NOT NULL,
    id              BLOB NOT NULL,
    door            BLOB,
    voter           BLOB,
    text            TEXT NOT NULL,
    at              INTEGER NOT NULL,
    by_member       BLOB NOT NULL,
    change_hash     BLOB NOT NULL,
    retracted_at    INTEGER NOT NULL,
    retracted_by    BLOB NOT NULL,
    retraction_hash BLOB NOT NULL,
    PRIMARY KEY (doc, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX retracted_note_by_door ON retracted_note (door) WHERE door IS NOT NULL;
CREATE INDEX retracted_note_by_change ON retracted_note (doc, change_hash);

-- Notes that stand, and those that were taken back.
CREATE VIEW every_note AS
SELECT doc, id, door, voter, text, at, by_member, change_hash,
       0 AS is_retracted, 0 AS retracted_at, zeroblob(16) AS retracted_by, zeroblob(0) AS retraction_hash
FROM note
UNION ALL
SELECT doc, id, door, voter, text, at, by_member, change_hash, 1, retracted_at, retracted_by, retraction_hash
FROM retracted_note;

-- The reason of a danger is found by its change.
CREATE INDEX note_by_change ON note (doc, change_hash);
CREATE INDEX flag_by_name ON flag (flag);
