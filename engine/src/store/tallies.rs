//! Tallies of visits, which triggers keep; see the migration.

use crate::error::EngineError;
use porchlight_model::id::{DocId, WaveId};
use rusqlite::{Connection, named_params, params};

/// How many visits of a day had a result.
pub(crate) struct DayTally {
    /// Days since 1970, in the person's time zone.
    pub(crate) day: i64,
    /// The result's name.
    pub(crate) result: String,
    pub(crate) n: u32,
}

/// The tallies of one document, by hour (since 1970, UTC) and result.
pub(crate) fn of_doc(conn: &Connection, doc: DocId) -> Result<Vec<(i64, String, u32)>, EngineError> {
    let mut select = conn.prepare_cached("SELECT hour, result, n FROM visit_hour WHERE doc = ?1")?;
    let rows = select.query_map(params![doc.to_bytes()], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The tallies of a wave's documents that are here, by day.
pub(crate) fn by_day(conn: &Connection, wave: WaveId, offset_ms: i64) -> Result<Vec<DayTally>, EngineError> {
    let mut select = conn.prepare_cached(include_str!("tallies/by_day.sql"))?;
    let rows = select.query_map(named_params! { ":wave": wave.to_bytes(), ":offset_ms": offset_ms }, |row| {
        Ok(DayTally { day: row.get("day")?, result: row.get("result")?, n: row.get("n")? })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}
