//! A hub's data for phones: its log of each document, and parcels that wait for their dependencies.

use crate::error::EngineError;
use porchlight_model::id::{DeviceId, DocId, Sha256};
use rusqlite::{Connection, params};

/// How many results of phones wait in this hub, or went through it, and are not at the relay.
pub(crate) fn n_to_carry(conn: &Connection) -> Result<u32, EngineError> {
    Ok(conn.prepare_cached(include_str!("hub/n_to_carry.sql"))?.query_row([], |row| row.get(0))?)
}

/// Stores a parcel: a change whose dependencies are missing.
pub(crate) fn keep(
    conn: &Connection,
    doc: DocId,
    hash: Sha256,
    device: DeviceId,
    bytes: &[u8],
) -> Result<(), EngineError> {
    conn.prepare_cached("INSERT OR IGNORE INTO parcel (doc, hash, device, bytes) VALUES (?1, ?2, ?3, ?4)")?
        .execute(params![doc.to_bytes(), hash.0, device.to_bytes(), bytes])?;
    Ok(())
}

/// The changes of a document that wait, by device, in the order in which they came.
pub(crate) fn parcels(conn: &Connection, doc: DocId) -> Result<Vec<(DeviceId, Vec<u8>)>, EngineError> {
    let mut select = conn.prepare_cached(
        "SELECT device, bytes FROM parcel WHERE doc = ?1 AND is_refused = 0 ORDER BY device, position",
    )?;
    let rows = select.query_map(params![doc.to_bytes()], |row| Ok((DeviceId::from_bytes(row.get(0)?), row.get(1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Removes a parcel that was merged into the document.
pub(crate) fn taken(conn: &Connection, doc: DocId, hash: Sha256) -> Result<(), EngineError> {
    conn.prepare_cached("DELETE FROM parcel WHERE doc = ?1 AND hash = ?2")?.execute(params![doc.to_bytes(), hash.0])?;
    Ok(())
}

/// Marks a parcel as refused. It is kept, so that nothing is lost by mistake.
pub(crate) fn refused(conn: &Connection, doc: DocId, hash: Sha256) -> Result<(), EngineError> {
    conn.prepare_cached("UPDATE parcel SET is_refused = 1 WHERE doc = ?1 AND hash = ?2")?
        .execute(params![doc.to_bytes(), hash.0])?;
    Ok(())
}

/// The number of the last change of this device's log of a document; 0 where it has none.
pub(crate) fn log_last(conn: &Connection, doc: DocId) -> Result<u64, EngineError> {
    let sql = "SELECT coalesce(max(position), 0) FROM change WHERE doc = ?1";
    let last: i64 = conn.prepare_cached(sql)?.query_row(params![doc.to_bytes()], |row| row.get(0))?;
    Ok(last.cast_unsigned())
}

/// One change of this device's log of a document: its number and bytes.
pub(crate) type Logged = (u64, Sha256, Vec<u8>);

/// What came to this device after the number `after`, in order, at most `limit`.
pub(crate) fn log_after(conn: &Connection, doc: DocId, after: u64, limit: usize) -> Result<Vec<Logged>, EngineError> {
    let mut select = conn.prepare_cached(
        "SELECT position, hash, bytes FROM change WHERE doc = ?1 AND position > ?2 ORDER BY position LIMIT ?3",
    )?;
    let rows = select.query_map(params![doc.to_bytes(), after.cast_signed(), limit as i64], |row| {
        Ok((row.get::<_, i64>(0)?.cast_unsigned(), Sha256(row.get(1)?), row.get(2)?))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}
