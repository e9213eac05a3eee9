//! Packs on this device: bytes named by their hash, each linked to the document that names it.

use crate::error::EngineError;
use porchlight_model::id::{DocId, Sha256, TurfId};
use rusqlite::{Connection, OptionalExtension, params};

/// Stores a pack unless it is there.
pub(crate) fn put(conn: &Connection, hash: Sha256, doc: DocId, bytes: &[u8], is_sent: bool) -> Result<(), EngineError> {
    conn.prepare_cached("INSERT OR IGNORE INTO pack (hash, doc, bytes, is_sent) VALUES (?1, ?2, ?3, ?4)")?
        .execute(params![hash.0, doc.to_bytes(), bytes, is_sent])?;
    Ok(())
}

/// A pack's bytes, if it is here.
pub(crate) fn get(conn: &Connection, hash: Sha256) -> Result<Option<Vec<u8>>, EngineError> {
    Ok(conn
        .prepare_cached("SELECT bytes FROM pack WHERE hash = ?1")?
        .query_row(params![hash.0], |row| row.get(0))
        .optional()?)
}

/// The pack of a document that is here: the one of this name, or the one before it while this one has not come.
pub(crate) fn get_or_older(conn: &Connection, hash: Sha256, doc: DocId) -> Result<Option<Vec<u8>>, EngineError> {
    Ok(conn
        .prepare_cached("SELECT bytes FROM pack WHERE hash = ?1 OR doc = ?2 ORDER BY hash = ?1 DESC LIMIT 1")?
        .query_row(params![hash.0, doc.to_bytes()], |row| row.get(0))
        .optional()?)
}

/// Every turf's document with the pack that it names.
pub(crate) fn named(conn: &Connection) -> Result<Vec<(DocId, Sha256)>, EngineError> {
    let mut select = conn.prepare_cached("SELECT doc, pack FROM turf_doc ORDER BY doc")?;
    let rows = select.query_map([], |row| Ok((DocId::from_bytes(row.get(0)?), Sha256(row.get(1)?))))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Removes the packs of a document but for this one.
pub(crate) fn remove_others(conn: &Connection, doc: DocId, hash: Sha256) -> Result<(), EngineError> {
    conn.prepare_cached("DELETE FROM pack WHERE doc = ?1 AND hash <> ?2")?.execute(params![doc.to_bytes(), hash.0])?;
    Ok(())
}

/// Packs that only this device is known to hold, with their documents.
pub(crate) fn unsent(conn: &Connection) -> Result<Vec<(Sha256, DocId)>, EngineError> {
    let mut select = conn.prepare_cached("SELECT hash, doc FROM pack WHERE is_sent = 0 ORDER BY hash")?;
    let rows = select.query_map([], |row| Ok((Sha256(row.get(0)?), DocId::from_bytes(row.get(1)?))))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Notes that a relay holds a pack.
pub(crate) fn mark_sent(conn: &Connection, hash: Sha256) -> Result<(), EngineError> {
    conn.prepare_cached("UPDATE pack SET is_sent = 1 WHERE hash = ?1")?.execute(params![hash.0])?;
    Ok(())
}

/// Packs that documents name but this device lacks, with their documents.
pub(crate) fn wanted(conn: &Connection) -> Result<Vec<(Sha256, DocId)>, EngineError> {
    let mut select = conn.prepare_cached(
        "SELECT pack, doc FROM turf_doc WHERE NOT EXISTS (SELECT 1 FROM pack WHERE hash = turf_doc.pack) ORDER BY doc",
    )?;
    let rows = select.query_map([], |row| Ok((Sha256(row.get(0)?), DocId::from_bytes(row.get(1)?))))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Removes the packs of a document.
pub(crate) fn remove(conn: &Connection, doc: DocId) -> Result<(), EngineError> {
    conn.prepare_cached("DELETE FROM pack WHERE doc = ?1")?.execute(params![doc.to_bytes()])?;
    Ok(())
}

/// The turf that a document is about.
pub(crate) fn turf_of(conn: &Connection, doc: DocId) -> Result<Option<TurfId>, EngineError> {
    Ok(conn
        .prepare_cached("SELECT turf FROM turf_doc WHERE doc = ?1")?
        .query_row(params![doc.to_bytes()], |row| row.get(0).map(TurfId::from_bytes))
        .optional()?)
}
