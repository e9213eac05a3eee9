-- People who were added at doors, also those who were taken back by whoever added them.
CREATE TABLE every_person (
    doc          BLOB NOT NULL,
    id           BLOB NOT NULL,
    door         BLOB NOT NULL,
    first        TEXT NOT NULL,
    last         TEXT NOT NULL,
    phone        TEXT NOT NULL,
    at           INTEGER NOT NULL,
    by_member    BLOB NOT NULL,
    change_hash  BLOB NOT NULL,
    retracted_at INTEGER,
    PRIMARY KEY (doc, id)
) STRICT, WITHOUT ROWID;
INSERT INTO every_person SELECT doc, id, door, first, last, phone, at, by_member, change_hash, NULL FROM person;
DROP TABLE person;
CREATE INDEX person_by_door ON every_person (door);
CREATE INDEX person_by_id ON every_person (id);

-- Those who stand. Someone about whom others recorded something meanwhile stays: nothing that was recorded loses its name.
CREATE VIEW person AS
SELECT doc, id, door, first, last, phone, at, by_member, change_hash
FROM every_person p
WHERE retracted_at IS NULL
    OR EXISTS (SELECT 1 FROM visit v WHERE v.door = p.door AND v.voter = p.id AND v.is_retracted = 0)
    OR EXISTS (SELECT 1 FROM note n WHERE n.voter = p.id)
    OR EXISTS (SELECT 1 FROM flag f WHERE f.voter = p.id);
