//! Stored changes, from which everything else is derived.

use crate::error::EngineError;
use crate::store::{costs, settings};
use crate::sync::absorb::read_change;
use automerge::Change;
use porchlight_model::id::{DeviceId, DocId, Sha256};
use porchlight_model::time::At;
use porchlight_model::wire::Acked;
use rusqlite::{Connection, OptionalExtension, named_params, params};
use std::collections::BTreeSet;

/// Bytes of every change of a document, dependencies before dependants.
pub(crate) fn load(conn: &Connection, doc: DocId) -> Result<Vec<Vec<u8>>, EngineError> {
    let mut select = conn.prepare_cached("SELECT bytes FROM change WHERE doc = ?1 ORDER BY position")?;
    let rows = select.query_map(params![doc.to_bytes()], |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Stores a change unless it exists; returns whether it was new. `acked_at` is 0 for one that no relay is known to hold.
pub(crate) fn insert(
    conn: &Connection,
    doc: DocId,
    change: &Change,
    is_own: bool,
    acked_at: At,
) -> Result<bool, EngineError> {
    let n_stored = conn.prepare_cached(include_str!("insert_change.sql"))?.execute(named_params! {
        ":doc": doc.to_bytes(), ":hash": change.hash().0, ":actor": change.actor_id().to_bytes(),
        ":seq": i64::try_from(change.seq()).unwrap_or(i64::MAX), ":bytes": change.raw_bytes(),
        ":is_own": is_own, ":acked_at": acked_at.0,
    })?;
    if n_stored > 0 {
        costs::add(conn, doc, change.raw_bytes())?;
    }
    Ok(n_stored > 0)
}

/// A change that no relay is known to hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct HeldChange {
    pub(crate) bytes: Vec<u8>,
    /// Made on this device.
    pub(crate) is_own: bool,
}

/// Reads changes that no relay is known to hold.
pub(super) const HELD: &str =
    "SELECT bytes, is_own FROM change WHERE doc = ?1 AND acked_at = 0 ORDER BY position LIMIT ?2";

/// Changes that no relay is known to hold, dependencies before dependants, at most `limit`.
pub(crate) fn held(conn: &Connection, doc: DocId, limit: usize) -> Result<Vec<HeldChange>, EngineError> {
    let mut select = conn.prepare_cached(HELD)?;
    let rows = select.query_map(params![doc.to_bytes(), limit as i64], |row| {
        Ok(HeldChange { bytes: row.get(0)?, is_own: row.get(1)? })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Of those, the ones that this device must push; changes that came from a hub are pushed by their authors.
pub(crate) fn to_push(conn: &Connection, doc: DocId, limit: usize) -> Result<Vec<HeldChange>, EngineError> {
    let mut select = conn.prepare_cached(include_str!("to_push.sql"))?;
    let rows = select.query_map(params![doc.to_bytes(), limit as i64], |row| {
        Ok(HeldChange { bytes: row.get(0)?, is_own: row.get(1)? })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// How many changes this device must push, over all documents: no relay is known to hold them, and they did not come from a hub.
pub(crate) fn n_held(conn: &Connection) -> Result<u32, EngineError> {
    Ok(super::hub::counts(conn)?.0 + super::hub::n_parcels(conn)?)
}

/// When a relay last acknowledged a change of this device; the epoch if none was.
pub(crate) fn last_acked(conn: &Connection) -> Result<At, EngineError> {
    let sql = "SELECT coalesce(max(acked_at), 0) FROM change WHERE is_own = 1";
    Ok(conn.query_row(sql, [], |row| row.get(0).map(At))?)
}

/// Whether this device must push changes of a document.
pub(crate) fn is_needed(conn: &Connection, doc: DocId) -> Result<bool, EngineError> {
    let sql =
        "SELECT 1 FROM change WHERE doc = ?1 AND acked_at = 0 AND hash NOT IN (SELECT hash FROM heard WHERE doc = ?1)";
    Ok(conn.prepare_cached(sql)?.exists(params![doc.to_bytes()])? || super::hub::has_parcels(conn, doc)?)
}

/// Records that a relay has acknowledged a change, with its sequence number `n`.
pub(crate) fn ack(conn: &Connection, doc: DocId, acked: Acked, at: At) -> Result<(), EngineError> {
    conn.prepare_cached("UPDATE change SET acked_at = ?3, n = ?4 WHERE doc = ?1 AND hash = ?2 AND acked_at = 0")?
        .execute(params![doc.to_bytes(), acked.hash.0, at.0, acked.n.cast_signed()])?;
    Ok(())
}

/// The hashes of a document's changes.
pub(crate) fn hashes(conn: &Connection, doc: DocId) -> Result<BTreeSet<Sha256>, EngineError> {
    let mut select = conn.prepare_cached("SELECT hash FROM change WHERE doc = ?1")?;
    let rows = select.query_map(params![doc.to_bytes()], |row| Ok(Sha256(row.get(0)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Whether a change is stored.
pub(crate) fn is_stored(conn: &Connection, doc: DocId, hash: Sha256) -> Result<bool, EngineError> {
    let mut select = conn.prepare_cached("SELECT 1 FROM change WHERE doc = ?1 AND hash = ?2")?;
    Ok(select.exists(params![doc.to_bytes(), hash.0])?)
}

/// Whether a change was made on this device; one that is not stored counts as own.
pub(crate) fn is_own(conn: &Connection, doc: DocId, hash: Sha256) -> Result<bool, EngineError> {
    let row = conn
        .prepare_cached("SELECT is_own FROM change WHERE doc = ?1 AND hash = ?2")?
        .query_row(params![doc.to_bytes(), hash.0], |row| row.get(0))
        .optional()?;
    Ok(row.unwrap_or(true))
}

/// Records that this device has a new id at the relay: earlier changes are carried for the old id.
pub(crate) fn note_other_device(conn: &Connection) -> Result<(), EngineError> {
    settings::put(conn, "was_other_device", &true)
}

/// Whether changes that were made on this device may name another one as their author.
pub(crate) fn was_other_device(conn: &Connection) -> Result<bool, EngineError> {
    Ok(settings::get(conn, "was_other_device")?.unwrap_or_default())
}

/// The author of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Written {
    /// The device that its actor's first change names; a relay accepted both from that device, or from one that may carry for it.
    pub(crate) device: Option<DeviceId>,
    /// Since when a relay is known here to hold it.
    pub(crate) at_relay_since: Option<At>,
}

/// The author of a change; `None` if it is not stored.
pub(crate) fn written(conn: &Connection, doc: DocId, hash: Sha256) -> Result<Option<Written>, EngineError> {
    let sql = "SELECT f.bytes, c.acked_at FROM change c
               JOIN change f ON f.doc = c.doc AND f.actor = c.actor AND f.seq = 1
               WHERE c.doc = ?1 AND c.hash = ?2";
    let found: Option<(Vec<u8>, i64)> = conn
        .prepare_cached(sql)?
        .query_row(params![doc.to_bytes(), hash.0], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let Some((first, acked_at)) = found else { return Ok(None) };
    let first = read_change(first)?;
    let device = first.author().and_then(|author| author.as_bytes().try_into().ok()).map(DeviceId::from_bytes);
    Ok(Some(Written { device, at_relay_since: (acked_at > 0).then_some(At(acked_at)) }))
}

/// Marks this document's changes as unacknowledged, because the relay was restored or requests what it lacks.
pub(crate) fn hold_all(conn: &Connection, doc: DocId) -> Result<(), EngineError> {
    // Changes that a relay had acknowledged are also pushed by this device.
    let sql = "DELETE FROM heard WHERE doc = ?1 AND hash IN (SELECT hash FROM change WHERE doc = ?1 AND acked_at > 0)";
    conn.prepare_cached(sql)?.execute(params![doc.to_bytes()])?;
    conn.prepare_cached("UPDATE change SET acked_at = 0, n = 0 WHERE doc = ?1")?.execute(params![doc.to_bytes()])?;
    Ok(())
}

/// Removes every change of a document.
pub(crate) fn remove(conn: &Connection, doc: DocId) -> Result<(), EngineError> {
    conn.prepare_cached("DELETE FROM change WHERE doc = ?1")?.execute(params![doc.to_bytes()])?;
    costs::forget(conn, doc)?;
    super::laws::forget_doc(conn, doc)?;
    super::hub::forget_doc(conn, doc)?;
    conn.prepare_cached("DELETE FROM heard WHERE doc = ?1")?.execute(params![doc.to_bytes()])?;
    Ok(())
}
