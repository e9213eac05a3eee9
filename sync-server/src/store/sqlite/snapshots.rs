//! Snapshots: logs compacted into one piece, for devices that have nothing of them yet. The log stays the source of truth.

use super::rows;
use crate::store::{Log, StoreError};
use porchlight_model::id::DocId;
use porchlight_model::relay::RefusalCode;
use rusqlite::{Connection, named_params};

/// Documents with at least `n_changes` changes after their snapshot.
pub(super) fn due(conn: &Connection, n_changes: u64, limit: u32) -> Result<Vec<DocId>, StoreError> {
    let mut due = conn.prepare_cached(include_str!("../sql/to_snapshot.sql"))?;
    let n_changes = i64::try_from(n_changes).unwrap_or(i64::MAX);
    let docs = due.query_map(named_params! { ":n_changes": n_changes, ":limit": limit }, |row| {
        Ok(DocId::from_bytes(row.get(0)?))
    })?;
    Ok(docs.collect::<Result<_, _>>()?)
}

/// A document's log with its heads, from one snapshot of the store.
pub(super) fn log(conn: &Connection, doc: DocId, max_bytes: usize) -> Result<Log, StoreError> {
    let doc = rows::doc(conn, doc)?.ok_or(StoreError::Refused("no such document", RefusalCode::NotFound))?;
    let mut stored = conn.prepare_cached("SELECT bytes FROM change WHERE doc = :doc ORDER BY n")?;
    let mut rows = stored.query(named_params! { ":doc": doc.key })?;
    let (mut changes, mut left) = (Vec::new(), max_bytes);
    while let Some(row) = rows.next()? {
        let bytes = row.get_ref(0)?.as_blob().map_err(rusqlite::Error::from)?;
        let Some(rest) = left.checked_sub(bytes.len()) else { break };
        left = rest;
        changes.push(bytes.to_vec());
    }
    Ok(Log { last: doc.last.cast_unsigned(), changes, heads: doc.heads })
}

/// Stores a snapshot unless there is a later one.
pub(super) fn put(conn: &Connection, doc: DocId, n: u64, bytes: &[u8]) -> Result<(), StoreError> {
    conn.prepare_cached(include_str!("../sql/put_snapshot.sql"))?.execute(named_params! {
        ":doc": doc.to_bytes(), ":n": n.cast_signed(), ":bytes": bytes
    })?;
    Ok(())
}
