//! Notes about doors and about who lives behind them.

use super::flags::about;
use crate::error::EngineError;
use porchlight_model::id::DocId;
use porchlight_model::visit::About;
use rusqlite::{Connection, params};

/// Every note of a turf's document, oldest first.
pub(crate) fn of_turf(conn: &Connection, doc: DocId) -> Result<Vec<(About, String)>, EngineError> {
    let mut select = conn.prepare_cached("SELECT door, voter, text FROM note WHERE doc = ?1 ORDER BY at, id")?;
    let mut rows = select.query(params![doc.to_bytes()])?;
    let mut notes = Vec::new();
    while let Some(row) = rows.next()? {
        if let Some(about) = about(row)? {
            notes.push((about, row.get("text")?));
        }
    }
    Ok(notes)
}
