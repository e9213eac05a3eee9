//! What the stored changes of each document cost, in operations as `porchlight_model::budget` counts them.

use crate::error::EngineError;
use porchlight_model::chunk;
use porchlight_model::id::DocId;
use rusqlite::{Connection, OptionalExtension, params};
use std::collections::BTreeMap;

/// What a document has cost so far.
pub(crate) fn of(conn: &Connection, doc: DocId) -> Result<u64, EngineError> {
    let n_ops: Option<i64> = conn
        .prepare_cached("SELECT n_ops FROM doc_cost WHERE doc = ?1")?
        .query_row(params![doc.to_bytes()], |row| row.get(0))
        .optional()?;
    Ok(n_ops.unwrap_or_default().cast_unsigned())
}

/// Adds the cost of a change that was stored.
pub(super) fn add(conn: &Connection, doc: DocId, bytes: &[u8]) -> Result<(), EngineError> {
    let n_ops = chunk::cost(bytes).map_or(0, |cost| cost.n_ops).cast_signed();
    conn.prepare_cached(include_str!("add_cost.sql"))?.execute(params![doc.to_bytes(), n_ops])?;
    Ok(())
}

/// Counts all stored changes of a document again, one after the other, without applying any; returns their cost.
pub(crate) fn count(conn: &Connection, doc: DocId) -> Result<u64, EngineError> {
    forget(conn, doc)?;
    let mut n_ops: u64 = 0;
    let mut select = conn.prepare_cached("SELECT bytes FROM change WHERE doc = ?1")?;
    let mut rows = select.query(params![doc.to_bytes()])?;
    while let Some(row) = rows.next()? {
        let bytes = row.get_ref(0)?.as_blob().map_err(rusqlite::Error::from)?;
        n_ops = n_ops.saturating_add(chunk::cost(bytes).map_or(0, |cost| cost.n_ops));
    }
    conn.prepare_cached(include_str!("add_cost.sql"))?.execute(params![doc.to_bytes(), n_ops.cast_signed()])?;
    Ok(n_ops)
}

/// Removes what is known of a document's cost.
pub(crate) fn forget(conn: &Connection, doc: DocId) -> Result<(), EngineError> {
    conn.prepare_cached("DELETE FROM doc_cost WHERE doc = ?1")?.execute(params![doc.to_bytes()])?;
    Ok(())
}

/// What each actor's changes of a document cost.
pub(crate) fn by_actor(conn: &Connection, doc: DocId) -> Result<BTreeMap<Vec<u8>, u64>, EngineError> {
    let mut by_actor: BTreeMap<Vec<u8>, u64> = BTreeMap::new();
    let mut select = conn.prepare_cached("SELECT actor, bytes FROM change WHERE doc = ?1")?;
    let mut rows = select.query(params![doc.to_bytes()])?;
    while let Some(row) = rows.next()? {
        let bytes = row.get_ref(1)?.as_blob().map_err(rusqlite::Error::from)?;
        *by_actor.entry(row.get(0)?).or_default() += chunk::cost(bytes).map_or(0, |cost| cost.n_ops);
    }
    Ok(by_actor)
}
