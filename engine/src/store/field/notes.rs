//! Notes about doors and about who lives behind them.

use super::flags::about;
use crate::error::EngineError;
use porchlight_model::id::TurfId;
use porchlight_model::visit::About;
use rusqlite::{Connection, params};

/// Every note of a turf, in whichever wave, oldest first.
pub(crate) fn of_turf(conn: &Connection, turf: TurfId) -> Result<Vec<(About, String)>, EngineError> {
    let mut select = conn.prepare_cached(
        "SELECT n.door, n.voter, n.text FROM turf_doc t JOIN note n ON n.doc = t.doc WHERE t.turf = ?1 ORDER BY n.at, n.id",
    )?;
    let mut rows = select.query(params![turf.to_bytes()])?;
    let mut notes = Vec::new();
    while let Some(row) = rows.next()? {
        if let Some(about) = about(row)? {
            notes.push((about, row.get("text")?));
        }
    }
    Ok(notes)
}
