//! The campaign's list of turf.

use crate::error::EngineError;
use porchlight_model::id::TurfId;
use porchlight_model::turf::TurfEntry;
use rusqlite::{Connection, OptionalExtension, params};

/// Every turf of the campaign, by id (in the order in which they were cut).
pub(crate) fn all(conn: &Connection) -> Result<Vec<TurfEntry>, EngineError> {
    let mut select = conn.prepare_cached("SELECT entry FROM turf ORDER BY id")?;
    let texts = select.query_map([], |row| row.get::<_, String>(0))?;
    texts.map(|text| Ok(serde_json::from_str(&text?)?)).collect()
}

/// One turf of the campaign.
pub(crate) fn get(conn: &Connection, turf: TurfId) -> Result<Option<TurfEntry>, EngineError> {
    let mut select = conn.prepare_cached("SELECT entry FROM turf WHERE id = ?1")?;
    let text = select.query_row(params![turf.to_bytes()], |row| row.get::<_, String>(0)).optional()?;
    Ok(text.map(|text| serde_json::from_str(&text)).transpose()?)
}
