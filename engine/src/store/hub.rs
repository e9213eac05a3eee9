//! A device's state of the hub that it uses, and the counts of what a hub has to carry.

use crate::error::EngineError;
use crate::store::changes::HeldChange;
use porchlight_model::id::{DocId, Sha256};
use rusqlite::{Connection, OptionalExtension, params};

/// This device's cursor in the hub's log of a document.
pub(crate) fn cursor(conn: &Connection, doc: DocId) -> Result<u64, EngineError> {
    let cursor = conn
        .prepare_cached("SELECT cursor FROM hub_doc WHERE doc = ?1")?
        .query_row(params![doc.to_bytes()], |row| row.get::<_, i64>(0))
        .optional()?;
    Ok(cursor.unwrap_or_default().cast_unsigned())
}

/// Stores this device's cursor in the hub's log of a document.
pub(crate) fn set_cursor(conn: &Connection, doc: DocId, cursor: u64) -> Result<(), EngineError> {
    conn.prepare_cached("INSERT OR REPLACE INTO hub_doc (doc, cursor) VALUES (?1, ?2)")?
        .execute(params![doc.to_bytes(), cursor.cast_signed()])?;
    Ok(())
}

/// Changes that no relay is known to hold and the hub neither, dependencies before dependants, at most `limit`.
pub(crate) fn held(conn: &Connection, doc: DocId, limit: usize) -> Result<Vec<HeldChange>, EngineError> {
    let mut select = conn.prepare_cached(include_str!("hub/held.sql"))?;
    let rows = select.query_map(params![doc.to_bytes(), limit as i64], |row| {
        Ok(HeldChange { bytes: row.get(0)?, is_own: row.get(1)? })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// How many changes this device must push, and how many of them the hub has.
pub(crate) fn counts(conn: &Connection) -> Result<(u32, u32), EngineError> {
    let mut select = conn.prepare_cached(include_str!("hub/counts.sql"))?;
    Ok(select.query_row([], |row| Ok((row.get(0)?, row.get(1)?)))?)
}

/// Records that the hub has acknowledged a change.
pub(crate) fn ack(conn: &Connection, doc: DocId, hash: Sha256) -> Result<(), EngineError> {
    conn.prepare_cached("INSERT OR IGNORE INTO at_hub (doc, hash) VALUES (?1, ?2)")?
        .execute(params![doc.to_bytes(), hash.0])?;
    Ok(())
}

/// Notes that a change, which was not here before, was heard from a hub.
pub(crate) fn heard(conn: &Connection, doc: DocId, hash: Sha256) -> Result<(), EngineError> {
    conn.prepare_cached("INSERT OR IGNORE INTO heard (doc, hash) VALUES (?1, ?2)")?
        .execute(params![doc.to_bytes(), hash.0])?;
    Ok(())
}

/// Whether changes of a document are here that were heard from a hub and that no relay is known to hold.
pub(crate) fn is_ahead(conn: &Connection, doc: DocId) -> Result<bool, EngineError> {
    let sql =
        "SELECT 1 FROM heard h JOIN change c ON c.doc = h.doc AND c.hash = h.hash WHERE h.doc = ?1 AND c.acked_at = 0";
    Ok(conn.prepare_cached(sql)?.exists(params![doc.to_bytes()])?)
}

/// Clears the hub's state of a document, because the hub lost it or the document is removed.
pub(crate) fn forget_doc(conn: &Connection, doc: DocId) -> Result<(), EngineError> {
    conn.prepare_cached("DELETE FROM at_hub WHERE doc = ?1")?.execute(params![doc.to_bytes()])?;
    conn.prepare_cached("DELETE FROM hub_doc WHERE doc = ?1")?.execute(params![doc.to_bytes()])?;
    Ok(())
}

/// Clears the state of the hub, because another one is used, or none.
pub(crate) fn forget(conn: &Connection) -> Result<(), EngineError> {
    conn.prepare_cached("DELETE FROM at_hub")?.execute([])?;
    conn.prepare_cached("DELETE FROM hub_doc")?.execute([])?;
    Ok(())
}

/// The number of parcels in this hub.
pub(crate) fn n_parcels(conn: &Connection) -> Result<u32, EngineError> {
    Ok(conn.prepare_cached("SELECT count(*) FROM parcel")?.query_row([], |row| row.get(0))?)
}

/// Removes the parcels of a document.
pub(crate) fn drop_parcels(conn: &Connection, doc: DocId) -> Result<(), EngineError> {
    conn.prepare_cached("DELETE FROM parcel WHERE doc = ?1")?.execute(params![doc.to_bytes()])?;
    Ok(())
}

/// Whether a document has parcels in this hub.
pub(crate) fn has_parcels(conn: &Connection, doc: DocId) -> Result<bool, EngineError> {
    Ok(conn.prepare_cached("SELECT 1 FROM parcel WHERE doc = ?1")?.exists(params![doc.to_bytes()])?)
}
