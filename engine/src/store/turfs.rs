//! The campaign's list of turf, each with its document in the current wave.

use crate::error::EngineError;
use porchlight_model::id::{DocId, TurfId};
use porchlight_model::turf::TurfEntry;
use rusqlite::{Connection, OptionalExtension, Row, params};

/// Every turf of the campaign, by id (in the order in which they were cut). The document is that of the newest wave that has not ended, or
/// else the one that the list names, which is gone.
pub(crate) fn all(conn: &Connection) -> Result<Vec<TurfEntry>, EngineError> {
    let mut select = conn.prepare_cached(concat!(include_str!("turfs/entries.sql"), "ORDER BY t.id"))?;
    let rows = select.query_map([], read)?;
    rows.map(|row| parsed(row?)).collect()
}

/// One turf of the campaign, as [`all`] tells it.
pub(crate) fn get(conn: &Connection, turf: TurfId) -> Result<Option<TurfEntry>, EngineError> {
    let mut select = conn.prepare_cached(concat!(include_str!("turfs/entries.sql"), "WHERE t.id = ?1"))?;
    select.query_row(params![turf.to_bytes()], read).optional()?.map(parsed).transpose()
}

/// One turf of the campaign as the list has it, to be written back with changes.
pub(crate) fn as_listed(conn: &Connection, turf: TurfId) -> Result<Option<TurfEntry>, EngineError> {
    let mut select = conn.prepare_cached("SELECT entry FROM turf WHERE id = ?1")?;
    let text = select.query_row(params![turf.to_bytes()], |row| row.get::<_, String>(0)).optional()?;
    Ok(text.map(|text| serde_json::from_str(&text)).transpose()?)
}

fn read(row: &Row<'_>) -> rusqlite::Result<(String, Option<[u8; 16]>)> {
    Ok((row.get("entry")?, row.get("current")?))
}

fn parsed((text, current): (String, Option<[u8; 16]>)) -> Result<TurfEntry, EngineError> {
    let mut entry: TurfEntry = serde_json::from_str(&text)?;
    if let Some(doc) = current {
        entry.doc = DocId::from_bytes(doc);
    }
    Ok(entry)
}
