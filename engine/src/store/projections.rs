//! Rows that are derived from documents.

pub(crate) mod campaign;
pub(crate) mod turf;

use crate::error::EngineError;
use porchlight_model::id::DocId;
use porchlight_model::wire::DocKind;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, params};

/// Tables of each kind; a rebuild empties them first.
const fn tables(kind: DocKind) -> &'static [&'static str] {
    match kind {
        DocKind::Campaign => &["campaign", "script", "member", "turf", "wave", "round"],
        DocKind::Turf => &["turf_doc", "visit", "asked", "answer", "conflict", "note", "flag", "person", "walker"],
    }
}

/// Removes every row derived from a document.
pub(crate) fn clear(conn: &Connection, doc: DocId, kind: DocKind) -> Result<(), EngineError> {
    for table in tables(kind) {
        conn.prepare_cached(&format!("DELETE FROM {table} WHERE doc = ?1"))?.execute(params![doc.to_bytes()])?;
    }
    Ok(())
}

/// All rows derived from a document as text, in the order of their keys: to compare with a rebuild.
pub(crate) fn dump(conn: &Connection, doc: DocId, kind: DocKind) -> Result<Vec<String>, EngineError> {
    let mut lines = Vec::new();
    for table in tables(kind) {
        let mut select = conn.prepare_cached(&format!("SELECT * FROM {table} WHERE doc = ?1"))?;
        let n_columns = select.column_count();
        let mut rows = select.query(params![doc.to_bytes()])?;
        let mut of_table = Vec::new();
        while let Some(row) = rows.next()? {
            let mut line = (*table).to_owned();
            for column in 0..n_columns {
                line.push('|');
                line.push_str(&match row.get_ref(column)? {
                    ValueRef::Null => "null".to_owned(),
                    ValueRef::Integer(number) => number.to_string(),
                    ValueRef::Real(number) => format!("{number:?}"),
                    ValueRef::Text(text) => format!("{:?}", String::from_utf8_lossy(text)),
                    ValueRef::Blob(bytes) => hex::encode(bytes),
                });
            }
            of_table.push(line);
        }
        of_table.sort();
        lines.append(&mut of_table);
    }
    Ok(lines)
}
