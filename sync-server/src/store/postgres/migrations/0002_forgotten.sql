-- Documents of waves that have ended: nothing of them is left but the id, so that no device makes them again.
CREATE TABLE forgotten (
    id       BYTEA  NOT NULL PRIMARY KEY,
    campaign BIGINT NOT NULL REFERENCES campaign (key),
    at       BIGINT NOT NULL
);

-- Rows that forgetting looks for by document.
CREATE INDEX handed_out_by_doc ON handed_out (doc);
CREATE INDEX invite_doc_by_doc ON invite_doc (doc);
CREATE INDEX pack_doc_by_doc ON pack_doc (doc);
