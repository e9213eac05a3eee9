-- What was typed or chosen and is not recorded yet. It is never sent, and goes with the campaign or with its door.
CREATE TABLE draft (
    key  TEXT NOT NULL PRIMARY KEY,
    door BLOB, -- where it waits; NULL when it is about no door
    body TEXT NOT NULL,
    at   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX draft_by_door ON draft (door) WHERE door IS NOT NULL;
