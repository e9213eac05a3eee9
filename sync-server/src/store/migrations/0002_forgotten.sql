-- Documents of waves that have ended: nothing of them is left but the id, so that no device makes them again.
CREATE TABLE forgotten (
    id       BLOB    NOT NULL PRIMARY KEY,
    campaign INTEGER NOT NULL REFERENCES campaign (key),
    at       INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Rows that forgetting looks for by document.
CREATE INDEX handed_out_by_doc ON handed_out (doc);
CREATE INDEX invite_doc_by_doc ON invite_doc (doc);
CREATE INDEX pack_doc_by_doc ON pack_doc (doc);
