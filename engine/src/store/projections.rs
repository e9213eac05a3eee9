//! Rows that are derived from documents.

pub(crate) mod campaign;
pub(crate) mod listed;
pub(crate) mod office;
pub(crate) mod turf;

use crate::doc::kind;
use crate::error::EngineError;
use porchlight_model::id::DocId;
use porchlight_model::wire::DocKind;
use rusqlite::types::Value;
use rusqlite::{Connection, params};

/// Removes every row derived from a document.
pub(crate) fn clear(conn: &Connection, doc: DocId, kind: DocKind) -> Result<(), EngineError> {
    for table in kind::of(kind).tables {
        conn.prepare_cached(&format!("DELETE FROM {table} WHERE doc = ?1"))?.execute(params![doc.to_bytes()])?;
    }
    Ok(())
}

/// A row derived from a document.
#[derive(Debug, Clone, PartialEq)]
pub struct DerivedRow {
    /// Its table.
    pub table: &'static str,
    /// All its columns, in the order of the table's.
    pub values: Vec<Value>,
}

/// All rows derived from a document, table by table, in the order of their keys: to compare with a rebuild.
pub(crate) fn dump(conn: &Connection, doc: DocId, kind: DocKind) -> Result<Vec<DerivedRow>, EngineError> {
    let mut derived = Vec::new();
    for table in kind::of(kind).tables {
        // None of these tables has a number of its own for each row: what is read in no order comes by its key.
        let mut select = conn.prepare_cached(&format!("SELECT * FROM {table} WHERE doc = ?1"))?;
        let n_columns = select.column_count();
        let mut rows = select.query(params![doc.to_bytes()])?;
        while let Some(row) = rows.next()? {
            let values = (0..n_columns).map(|column| row.get(column)).collect::<Result<_, _>>()?;
            derived.push(DerivedRow { table, values });
        }
    }
    Ok(derived)
}
