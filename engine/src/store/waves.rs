//! Waves, and which document a turf has in each.

use crate::error::EngineError;
use porchlight_model::id::{DocId, DoorId, TurfId, WaveId};
use porchlight_model::time::At;
use rusqlite::{Connection, OptionalExtension, named_params, params};

/// One wave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct WaveRow {
    pub(crate) id: WaveId,
    pub(crate) name: String,
    pub(crate) ended_at: Option<At>,
}

/// Every wave, the oldest first; the first one as soon as a turf is in it.
pub(crate) fn all(conn: &Connection) -> Result<Vec<WaveRow>, EngineError> {
    let mut select = conn.prepare_cached(include_str!("waves/all.sql"))?;
    let rows = select.query_map([], |row| {
        Ok(WaveRow {
            id: WaveId::from_bytes(row.get("id")?),
            name: row.get("name")?,
            ended_at: row.get::<_, Option<_>>("ended_at")?.map(At),
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The wave in which results are recorded: the newest that has not ended.
pub(crate) fn current(conn: &Connection) -> Result<Option<WaveId>, EngineError> {
    Ok(all(conn)?.into_iter().rev().find(|wave| wave.ended_at.is_none()).map(|wave| wave.id))
}

/// The documents of a wave by turf.
pub(crate) fn docs(conn: &Connection, wave: WaveId) -> Result<Vec<(TurfId, DocId)>, EngineError> {
    let mut select = conn.prepare_cached("SELECT turf, turf_doc FROM round WHERE wave = ?1 ORDER BY turf")?;
    let rows = select.query_map(params![wave.to_bytes()], |row| {
        Ok((TurfId::from_bytes(row.get(0)?), DocId::from_bytes(row.get(1)?)))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The documents of a turf in waves that have not ended, the newest first.
pub(crate) fn open_docs(conn: &Connection, turf: TurfId) -> Result<Vec<DocId>, EngineError> {
    let mut select = conn.prepare_cached(include_str!("waves/open_docs.sql"))?;
    let rows = select.query_map(named_params! { ":turf": turf.to_bytes() }, |row| row.get(0).map(DocId::from_bytes))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The name of a later wave that has begun for a turf and was not handed to this device, which records in `doc`.
pub(crate) fn newer(conn: &Connection, turf: TurfId, doc: DocId) -> Result<Option<String>, EngineError> {
    let mut select = conn.prepare_cached(include_str!("waves/newer.sql"))?;
    let ids = named_params! { ":turf": turf.to_bytes(), ":doc": doc.to_bytes() };
    Ok(select.query_row(ids, |row| row.get(0)).optional()?)
}

/// Whether a document is of a wave that has ended.
pub(crate) fn has_ended(conn: &Connection, doc: DocId) -> Result<bool, EngineError> {
    let sql = "SELECT 1 FROM round r JOIN wave w ON w.doc = r.doc AND w.id = r.wave
               WHERE r.turf_doc = ?1 AND w.ended_at IS NOT NULL";
    Ok(conn.prepare_cached(sql)?.exists(params![doc.to_bytes()])?)
}

/// Every document of every wave with its turf, by turf.
pub(crate) fn turf_of_docs(conn: &Connection) -> Result<Vec<(DocId, TurfId)>, EngineError> {
    let mut select = conn.prepare_cached("SELECT turf_doc, turf FROM round ORDER BY turf")?;
    let rows = select.query_map([], |row| Ok((DocId::from_bytes(row.get(0)?), TurfId::from_bytes(row.get(1)?))))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The names of the waves of which this device has documents about a door's turf, by document; empty where all are of one wave.
pub(crate) fn names_at(conn: &Connection, door: DoorId) -> Result<Vec<(DocId, String)>, EngineError> {
    let mut select = conn.prepare_cached(include_str!("waves/names_at.sql"))?;
    let rows = select.query_map(named_params! { ":door": door.to_bytes() }, |row| {
        Ok((DocId::from_bytes(row.get("doc")?), row.get("name")?))
    })?;
    let names: Vec<(DocId, String)> = rows.collect::<Result<_, _>>()?;
    Ok(if names.len() > 1 { names } else { Vec::new() })
}

/// Visits that were not taken back, and the doors at which they were, of a wave's documents that are here.
pub(crate) fn n_visits(conn: &Connection, wave: WaveId) -> Result<(u32, u32), EngineError> {
    let mut select = conn.prepare_cached(include_str!("waves/n_visits.sql"))?;
    Ok(select.query_row(named_params! { ":wave": wave.to_bytes() }, |row| Ok((row.get(0)?, row.get(1)?)))?)
}

/// How many acts of people a document has that no relay is known to hold.
pub(crate) fn n_held_acts(conn: &Connection, doc: DocId) -> Result<u32, EngineError> {
    let mut select = conn.prepare_cached(include_str!("waves/n_held_acts.sql"))?;
    Ok(select.query_row(named_params! { ":doc": doc.to_bytes() }, |row| row.get(0))?)
}

/// The name of someone who walked in a document.
pub(crate) fn walker(conn: &Connection, doc: DocId, member: [u8; 16]) -> Result<Option<String>, EngineError> {
    let mut select = conn.prepare_cached("SELECT name FROM walker WHERE doc = ?1 AND id = ?2")?;
    Ok(select.query_row(params![doc.to_bytes(), member], |row| row.get(0)).optional()?)
}
