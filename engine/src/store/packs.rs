//! Packs on this device: bytes named by their hash, kept for the documents that name them.

use crate::error::EngineError;
use porchlight_model::id::{DocId, Sha256, TurfId};
use rusqlite::{Connection, OptionalExtension, named_params, params};

/// Keeps a pack for a document.
pub(crate) fn put(conn: &Connection, hash: Sha256, doc: DocId, bytes: &[u8], is_sent: bool) -> Result<(), EngineError> {
    keep(conn, hash, bytes)?;
    link(conn, hash, doc, is_sent)
}

/// Keeps a pack that is here for one more document.
pub(crate) fn link(conn: &Connection, hash: Sha256, doc: DocId, is_sent: bool) -> Result<(), EngineError> {
    conn.prepare_cached("INSERT OR IGNORE INTO pack_doc (hash, doc, is_sent) VALUES (?1, ?2, ?3)")?
        .execute(params![hash.0, doc.to_bytes(), is_sent])?;
    Ok(())
}

/// A pack's bytes, if it is here.
pub(crate) fn get(conn: &Connection, hash: Sha256) -> Result<Option<Vec<u8>>, EngineError> {
    Ok(conn
        .prepare_cached("SELECT bytes FROM pack WHERE hash = ?1")?
        .query_row(params![hash.0], |row| row.get(0))
        .optional()?)
}

/// Whether a pack is here.
pub(crate) fn has(conn: &Connection, hash: Sha256) -> Result<bool, EngineError> {
    Ok(conn.prepare_cached("SELECT 1 FROM pack WHERE hash = ?1")?.exists(params![hash.0])?)
}

/// The pack of a document that is here: the one of this name, or the one before it while this one has not come.
pub(crate) fn get_or_older(conn: &Connection, hash: Sha256, doc: DocId) -> Result<Option<Vec<u8>>, EngineError> {
    Ok(conn
        .prepare_cached(include_str!("packs/get_or_older.sql"))?
        .query_row(named_params! { ":hash": hash.0, ":doc": doc.to_bytes() }, |row| row.get(0))
        .optional()?)
}

/// Every turf's document with the pack that it names.
pub(crate) fn named(conn: &Connection) -> Result<Vec<(DocId, Sha256)>, EngineError> {
    let mut select = conn.prepare_cached("SELECT doc, pack FROM turf_doc ORDER BY doc")?;
    let rows = select.query_map([], |row| Ok((DocId::from_bytes(row.get(0)?), Sha256(row.get(1)?))))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The documents that name a pack.
pub(crate) fn docs_of(conn: &Connection, hash: Sha256) -> Result<Vec<DocId>, EngineError> {
    let mut select = conn.prepare_cached("SELECT doc FROM turf_doc WHERE pack = ?1 ORDER BY doc")?;
    let rows = select.query_map(params![hash.0], |row| row.get(0).map(DocId::from_bytes))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Keeps a pack that the campaign's list names and no document does.
pub(crate) fn keep(conn: &Connection, hash: Sha256, bytes: &[u8]) -> Result<(), EngineError> {
    conn.prepare_cached("INSERT OR IGNORE INTO pack (hash, bytes) VALUES (?1, ?2)")?.execute(params![hash.0, bytes])?;
    Ok(())
}

/// Keeps no packs for a document but this one. Where `keeps_listed`, what the campaign's list names stays as well.
pub(crate) fn remove_others(
    conn: &Connection,
    doc: DocId,
    hash: Sha256,
    keeps_listed: bool,
) -> Result<(), EngineError> {
    conn.prepare_cached("DELETE FROM pack_doc WHERE doc = ?1 AND hash <> ?2")?
        .execute(params![doc.to_bytes(), hash.0])?;
    purge(conn, keeps_listed)
}

/// Packs that no relay is known to hold for a document, with that document.
pub(crate) fn unsent(conn: &Connection) -> Result<Vec<(Sha256, DocId)>, EngineError> {
    let mut select = conn.prepare_cached("SELECT hash, doc FROM pack_doc WHERE is_sent = 0 ORDER BY hash, doc")?;
    let rows = select.query_map([], |row| Ok((Sha256(row.get(0)?), DocId::from_bytes(row.get(1)?))))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Notes that a relay holds a pack for a document.
pub(crate) fn mark_sent(conn: &Connection, hash: Sha256, doc: DocId) -> Result<(), EngineError> {
    conn.prepare_cached("UPDATE pack_doc SET is_sent = 1 WHERE hash = ?1 AND doc = ?2")?
        .execute(params![hash.0, doc.to_bytes()])?;
    Ok(())
}

/// Marks the packs of a document as unsent, including the one that it names, wherever it came from.
pub(crate) fn hold(conn: &Connection, doc: DocId) -> Result<(), EngineError> {
    conn.prepare_cached(
        "INSERT OR IGNORE INTO pack_doc (hash, doc, is_sent)
         SELECT t.pack, t.doc, 0 FROM turf_doc t JOIN pack k ON k.hash = t.pack WHERE t.doc = ?1",
    )?
    .execute(params![doc.to_bytes()])?;
    conn.prepare_cached("UPDATE pack_doc SET is_sent = 0 WHERE doc = ?1")?.execute(params![doc.to_bytes()])?;
    Ok(())
}

/// Packs that documents name but this device lacks, each with one of its documents.
pub(crate) fn wanted(conn: &Connection) -> Result<Vec<(Sha256, DocId)>, EngineError> {
    let mut select = conn.prepare_cached(
        "SELECT pack, min(doc) FROM turf_doc
         WHERE NOT EXISTS (SELECT 1 FROM pack WHERE hash = turf_doc.pack) GROUP BY pack ORDER BY min(doc)",
    )?;
    let rows = select.query_map([], |row| Ok((Sha256(row.get(0)?), DocId::from_bytes(row.get(1)?))))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Keeps no pack for a document any more. Where `keeps_listed`, what the campaign's list names stays for the next wave.
pub(crate) fn remove(conn: &Connection, doc: DocId, keeps_listed: bool) -> Result<(), EngineError> {
    conn.prepare_cached("DELETE FROM pack_doc WHERE doc = ?1")?.execute(params![doc.to_bytes()])?;
    purge(conn, keeps_listed)
}

/// Removes packs that no document names and that are kept for none, and for no coming wave either.
pub(crate) fn purge(conn: &Connection, keeps_listed: bool) -> Result<(), EngineError> {
    conn.prepare_cached(include_str!("packs/purge.sql"))?.execute(named_params! { ":keeps_listed": keeps_listed })?;
    Ok(())
}

/// The turf that a document is about.
pub(crate) fn turf_of(conn: &Connection, doc: DocId) -> Result<Option<TurfId>, EngineError> {
    Ok(conn
        .prepare_cached("SELECT turf FROM turf_doc WHERE doc = ?1")?
        .query_row(params![doc.to_bytes()], |row| row.get(0).map(TurfId::from_bytes))
        .optional()?)
}

/// Whether any document here is about a turf.
pub(crate) fn is_any_about(conn: &Connection, turf: TurfId) -> Result<bool, EngineError> {
    Ok(conn.prepare_cached("SELECT 1 FROM turf_doc WHERE turf = ?1")?.exists(params![turf.to_bytes()])?)
}
