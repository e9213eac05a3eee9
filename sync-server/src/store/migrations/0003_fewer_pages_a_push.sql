-- The hashes of all heads of a document, sorted, 32 bytes each: in its row, which a push writes anyway.
ALTER TABLE doc ADD COLUMN heads BLOB NOT NULL DEFAULT x'';
UPDATE doc SET heads = coalesce((SELECT unhex(group_concat(hex(hash), '' ORDER BY hash)) FROM head WHERE head.doc = doc.key), x'');
DROP TABLE head;

-- The numbers of changes by their hash, up to the number `indexed` of their document. Those after it are few, and looked through.
CREATE TABLE change_hash (
    doc  INTEGER NOT NULL REFERENCES doc (key),
    hash BLOB    NOT NULL,
    n    INTEGER NOT NULL,
    PRIMARY KEY (doc, hash)
) STRICT, WITHOUT ROWID;
INSERT INTO change_hash (doc, hash, n) SELECT doc, hash, n FROM change ORDER BY doc, hash;
ALTER TABLE doc ADD COLUMN indexed INTEGER NOT NULL DEFAULT 0;
UPDATE doc SET indexed = last;
DROP INDEX change_by_hash;
