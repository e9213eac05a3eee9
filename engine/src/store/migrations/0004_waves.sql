-- Waves, and which document a turf has in each; packs that several documents name.

-- From the campaign document.
CREATE TABLE wave (
    doc      BLOB NOT NULL,
    id       BLOB NOT NULL,
    name     TEXT NOT NULL,
    ended_at INTEGER,
    PRIMARY KEY (doc, id)
) STRICT, WITHOUT ROWID;

-- A turf that the list names with a document of no other wave has it in the first one, whose id is all zeros.
CREATE TABLE round (
    doc      BLOB NOT NULL,
    wave     BLOB NOT NULL,
    turf     BLOB NOT NULL,
    turf_doc BLOB NOT NULL,
    PRIMARY KEY (doc, wave, turf)
) STRICT, WITHOUT ROWID;
CREATE INDEX round_by_turf ON round (turf);
CREATE INDEX round_by_turf_doc ON round (turf_doc);
-- The document's id out of the entry's JSON: 36 characters.
INSERT INTO round (doc, wave, turf, turf_doc)
SELECT doc, zeroblob(16), id, unhex(substr(entry, instr(entry, '"doc":"') + 7, 36), '-') FROM turf;

-- Which documents a pack is kept for; `is_sent` is 0 while no relay is known to hold it for that document.
CREATE TABLE pack_doc (
    hash    BLOB NOT NULL,
    doc     BLOB NOT NULL,
    is_sent INTEGER NOT NULL,
    PRIMARY KEY (hash, doc)
) STRICT, WITHOUT ROWID;
CREATE INDEX pack_doc_by_doc ON pack_doc (doc);
INSERT INTO pack_doc (hash, doc, is_sent) SELECT hash, doc, is_sent FROM pack;
ALTER TABLE pack DROP COLUMN doc;
ALTER TABLE pack DROP COLUMN is_sent;
