//! Waves, and which document a turf has in each.

use crate::error::EngineError;
use crate::store::docs as store_docs;
use porchlight_model::id::{DocId, DoorId, TurfId, WaveId};
use porchlight_model::time::At;
use rusqlite::{Connection, OptionalExtension, named_params, params};
use std::collections::BTreeSet;

/// What the first wave is called in files: it begins with the first cut, without a name.
pub(crate) const FIRST_WAVE: &str = "First wave";

/// One wave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct WaveRow {
    pub(crate) id: WaveId,
    pub(crate) name: String,
    pub(crate) ended_at: Option<At>,
    /// When its start was undone.
    pub(crate) undone_at: Option<At>,
}

impl WaveRow {
    /// Whether it is in progress: it has not ended, and its start was not undone.
    pub(crate) fn goes_on(&self) -> bool {
        self.ended_at.is_none() && self.undone_at.is_none()
    }

    /// Its name in files.
    pub(crate) fn title(&self) -> &str {
        if self.id == WaveId::FIRST { FIRST_WAVE } else { &self.name }
    }
}

/// Every wave, the oldest first; the first one as soon as a turf is in it.
pub(crate) fn all(conn: &Connection) -> Result<Vec<WaveRow>, EngineError> {
    let mut select = conn.prepare_cached(include_str!("waves/all.sql"))?;
    let rows = select.query_map([], |row| {
        Ok(WaveRow {
            id: WaveId::from_bytes(row.get("id")?),
            name: row.get("name")?,
            ended_at: row.get::<_, Option<_>>("ended_at")?.map(At),
            undone_at: row.get::<_, Option<_>>("undone_at")?.map(At),
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The wave in which results are recorded: the newest that goes on.
pub(crate) fn current(conn: &Connection) -> Result<Option<WaveId>, EngineError> {
    Ok(all(conn)?.into_iter().rev().find(WaveRow::goes_on).map(|wave| wave.id))
}

/// The documents of a wave by turf.
pub(crate) fn docs(conn: &Connection, wave: WaveId) -> Result<Vec<(TurfId, DocId)>, EngineError> {
    let mut select = conn.prepare_cached("SELECT turf, turf_doc FROM round WHERE wave = ?1 ORDER BY turf")?;
    let rows = select.query_map(params![wave.to_bytes()], |row| {
        Ok((TurfId::from_bytes(row.get(0)?), DocId::from_bytes(row.get(1)?)))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The documents of a turf in waves that have not ended, the newest first, those of waves whose start was undone last.
pub(crate) fn open_docs(conn: &Connection, turf: TurfId) -> Result<Vec<DocId>, EngineError> {
    let mut select = conn.prepare_cached(include_str!("waves/open_docs.sql"))?;
    let rows = select.query_map(named_params! { ":turf": turf.to_bytes() }, |row| row.get(0).map(DocId::from_bytes))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Of [`open_docs`], those to hand out: none of a wave whose start was undone.
pub(crate) fn docs_to_hand_out(conn: &Connection, turf: TurfId) -> Result<Vec<DocId>, EngineError> {
    let undone = undone(conn)?;
    let mut docs = open_docs(conn, turf)?;
    docs.retain(|doc| !undone.contains(doc));
    Ok(docs)
}

/// The documents of waves whose start was undone.
fn undone(conn: &Connection) -> Result<BTreeSet<DocId>, EngineError> {
    let sql = "SELECT r.turf_doc FROM wave_undone u JOIN round r ON r.doc = u.doc AND r.wave = u.id";
    let mut select = conn.prepare_cached(sql)?;
    Ok(select.query_map([], |row| row.get(0).map(DocId::from_bytes))?.collect::<Result<_, _>>()?)
}

/// Waves whose start was undone although something is recorded in them here.
pub(crate) fn undone_with_records(conn: &Connection) -> Result<Vec<WaveId>, EngineError> {
    let mut select = conn.prepare_cached("SELECT id FROM wave_undone ORDER BY id")?;
    let undone: Vec<WaveId> =
        select.query_map([], |row| row.get(0).map(WaveId::from_bytes))?.collect::<Result<_, _>>()?;
    let mut recorded = Vec::new();
    for wave in undone {
        if n_records(conn, wave)? > 0 {
            recorded.push(wave);
        }
    }
    Ok(recorded)
}

/// How much is recorded in a wave's documents that are here: visits, also those that were taken back, notes, flags and people.
pub(crate) fn n_records(conn: &Connection, wave: WaveId) -> Result<u32, EngineError> {
    let mut select = conn.prepare_cached(include_str!("waves/n_records.sql"))?;
    Ok(select.query_row(named_params! { ":wave": wave.to_bytes() }, |row| row.get(0))?)
}

/// How many turf of a wave have a document in no other that goes on: they were cut in it.
pub(crate) fn n_only_in(conn: &Connection, wave: WaveId) -> Result<u32, EngineError> {
    let mut select = conn.prepare_cached(include_str!("waves/n_only_in.sql"))?;
    Ok(select.query_row(named_params! { ":wave": wave.to_bytes() }, |row| row.get(0))?)
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

/// A short digest of a wave's records, which changes with every change to one of its documents.
pub(crate) fn record(conn: &Connection, wave: WaveId) -> Result<String, EngineError> {
    let mut record = (0_u64, 0_u32);
    for (_, doc) in docs(conn, wave)? {
        if let Some(row) = store_docs::get(conn, doc)? {
            record = (record.0.rotate_left(1) ^ row.heads.0, record.1 + 1);
        }
    }
    Ok(format!("{:x}-{}", record.0, record.1))
}

/// Whether a document of a wave is on this device.
pub(crate) fn is_here(conn: &Connection, wave: WaveId) -> Result<bool, EngineError> {
    let sql = "SELECT 1 FROM round r JOIN doc d ON d.id = r.turf_doc WHERE r.wave = ?1";
    Ok(conn.prepare_cached(sql)?.exists(params![wave.to_bytes()])?)
}

/// Whether the records of a wave can be looked at on this device: it is not erased, and its start was not undone before anything was recorded.
pub(crate) fn is_shown(conn: &Connection, wave: &WaveRow) -> Result<bool, EngineError> {
    Ok((wave.ended_at.is_none() || is_here(conn, wave.id)?)
        && (wave.undone_at.is_none() || n_records(conn, wave.id)? > 0))
}

/// The name of someone who walked in a document.
pub(crate) fn walker(conn: &Connection, doc: DocId, member: [u8; 16]) -> Result<Option<String>, EngineError> {
    let mut select = conn.prepare_cached("SELECT name FROM walker WHERE doc = ?1 AND id = ?2")?;
    Ok(select.query_row(params![doc.to_bytes(), member], |row| row.get(0)).optional()?)
}
