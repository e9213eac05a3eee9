-- What the stored changes of a document cost to apply, in operations. The first start counts those that were stored before.
CREATE TABLE doc_cost (
    doc   BLOB NOT NULL PRIMARY KEY,
    n_ops INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
