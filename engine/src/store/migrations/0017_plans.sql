-- From the office document: goals and saved lists, those that were removed as well. What a name means that only a newer version knows is not
-- guessed: such a goal stays in the document, and in its row, and is not shown.
CREATE TABLE goal (
    doc        BLOB NOT NULL,
    id         BLOB NOT NULL,
    measure    TEXT NOT NULL, -- a model::plan::Measure
    scope      TEXT NOT NULL, -- "campaign", or the id of a turf
    first_day  INTEGER NOT NULL, -- days since 1970
    last_day   INTEGER NOT NULL,
    target     INTEGER NOT NULL,
    is_removed INTEGER NOT NULL,
    PRIMARY KEY (doc, id)
) STRICT, WITHOUT ROWID;
CREATE TABLE saved_list (
    doc        BLOB NOT NULL,
    id         BLOB NOT NULL,
    name       TEXT NOT NULL,
    version    INTEGER NOT NULL, -- of the encoding of the filter
    filter     BLOB NOT NULL,
    frozen     TEXT NOT NULL, -- "id/n/at" of the people that it is frozen to; empty for a list that is refreshed
    is_removed INTEGER NOT NULL,
    PRIMARY KEY (doc, id)
) STRICT, WITHOUT ROWID;
-- The people of frozen lists, in parts: 16 bytes each.
CREATE TABLE frozen_part (
    doc    BLOB NOT NULL,
    list   BLOB NOT NULL,
    frozen BLOB NOT NULL,
    place  INTEGER NOT NULL,
    ids    BLOB NOT NULL,
    PRIMARY KEY (doc, list, frozen, place)
) STRICT, WITHOUT ROWID;
