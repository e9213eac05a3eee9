//! Changes that are here, as the rules of admission ask for them.

use crate::error::EngineError;
use porchlight_model::id::{DocId, Sha256};
use rusqlite::{Connection, OptionalExtension, params};

/// One stored change without its bytes.
pub(crate) struct Stored {
    pub(crate) hash: Sha256,
    pub(crate) actor: Vec<u8>,
    pub(crate) seq: i64,
    #[cfg_attr(target_arch = "wasm32", expect(dead_code, reason = "only a hub, which no browser is, numbers its log"))]
    pub(crate) position: u64,
}

/// The changes of a document in the order in which they came here.
pub(crate) fn all(conn: &Connection, doc: DocId) -> Result<Vec<Stored>, EngineError> {
    let mut select =
        conn.prepare_cached("SELECT hash, actor, seq, position FROM change WHERE doc = ?1 ORDER BY position")?;
    let rows = select.query_map(params![doc.to_bytes()], |row| {
        let position = row.get::<_, i64>(3)?.cast_unsigned();
        Ok(Stored { hash: Sha256(row.get(0)?), actor: row.get(1)?, seq: row.get(2)?, position })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The actors that wrote a document.
pub(crate) fn actors(conn: &Connection, doc: DocId) -> Result<Vec<Vec<u8>>, EngineError> {
    let mut select = conn.prepare_cached("SELECT actor FROM change WHERE doc = ?1 AND seq = 1 ORDER BY actor")?;
    let rows = select.query_map(params![doc.to_bytes()], |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The changes that an actor wrote in a document.
pub(crate) fn by_actor(conn: &Connection, doc: DocId, actor: &[u8]) -> Result<Vec<Vec<u8>>, EngineError> {
    let mut select = conn.prepare_cached("SELECT bytes FROM change WHERE doc = ?1 AND actor = ?2 ORDER BY seq")?;
    let rows = select.query_map(params![doc.to_bytes(), actor], |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The place of a change in the order in which changes came here; 0 if it is not stored.
pub(crate) fn position(conn: &Connection, doc: DocId, hash: Sha256) -> Result<u64, EngineError> {
    let mut select = conn.prepare_cached("SELECT position FROM change WHERE doc = ?1 AND hash = ?2")?;
    let found = select.query_row(params![doc.to_bytes(), hash.0], |row| row.get::<_, i64>(0)).optional()?;
    Ok(found.unwrap_or_default().cast_unsigned())
}

/// A stored change by its hash.
pub(crate) fn bytes(conn: &Connection, doc: DocId, hash: Sha256) -> Result<Option<Vec<u8>>, EngineError> {
    let mut select = conn.prepare_cached("SELECT bytes FROM change WHERE doc = ?1 AND hash = ?2")?;
    Ok(select.query_row(params![doc.to_bytes(), hash.0], |row| row.get(0)).optional()?)
}
