-- Waves whose start was undone. A table of its own, as adding a column to a strict one asks for more of SQLite than the web app's has.

-- From the campaign document.
CREATE TABLE wave_undone (
    doc BLOB NOT NULL,
    id  BLOB NOT NULL,
    at  INTEGER NOT NULL,
    PRIMARY KEY (doc, id)
) STRICT, WITHOUT ROWID;
