//! Snapshots: compacted logs, for devices that have nothing of them yet. The log stays authoritative.

use super::database::{Tx, all, first, one, run};
use super::rows;
use crate::store::{Log, StoreError};
use porchlight_model::id::DocId;
use porchlight_model::relay::RefusalCode;

/// Documents with at least `n_changes` changes after their snapshot.
pub(super) async fn due(tx: &Tx<'_>, n_changes: u64, limit: u32) -> Result<Vec<DocId>, StoreError> {
    let n_changes = i64::try_from(n_changes).unwrap_or(i64::MAX);
    let docs = all(tx, include_str!("sql/to_snapshot.sql"), &[&n_changes, &i64::from(limit)]).await?;
    docs.iter().map(|row| rows::doc_id(row, 0)).collect()
}

/// A document's log with its heads, from one state of the store.
pub(super) async fn log(tx: &Tx<'_>, doc: DocId, max_bytes: usize) -> Result<Log, StoreError> {
    let sql = "SELECT key, last, heads FROM doc WHERE id = $1";
    let row = first(tx, sql, &[&doc.to_bytes().as_slice()]).await?;
    let row = row.ok_or(StoreError::Refused("no such document", RefusalCode::NotFound))?;
    let key: i64 = row.try_get(0)?;
    let max_bytes = i64::try_from(max_bytes).unwrap_or(i64::MAX);
    let n_fit: i64 = one(tx, include_str!("sql/log_that_fits.sql"), &[&key, &max_bytes]).await?.try_get(0)?;
    let changes = all(tx, "SELECT bytes FROM change WHERE doc = $1 AND n <= $2 ORDER BY n", &[&key, &n_fit]).await?;
    let changes = changes.iter().map(|row| Ok(row.try_get(0)?)).collect::<Result<_, StoreError>>()?;
    Ok(Log { last: rows::count(&row, 1)?, changes, heads: rows::heads(&row, 2)? })
}

/// Keeps a snapshot unless there is a later one.
pub(super) async fn put(tx: &Tx<'_>, doc: DocId, n: u64, bytes: &[u8]) -> Result<(), StoreError> {
    let n = i64::try_from(n).unwrap_or(i64::MAX);
    run(tx, include_str!("sql/put_snapshot.sql"), &[&doc.to_bytes().as_slice(), &n, &bytes]).await?;
    Ok(())
}
