//! Finds stored changes by their hashes. The newest of a document are scanned; an index has the older ones, inserted in batches:
//! an entry inserted for each change on arrival dirties a page of its own, and costs more writes than the change itself.
//!
//! ```text
//! n   1 ..................... 600 | 601 ...... 731
//!     found by `change_hash`      | scanned, fewer than MAX_LOOSE
//! ```

use super::rows::DocRow;
use crate::store::StoreError;
use porchlight_model::id::Sha256;
use rusqlite::{Connection, OptionalExtension, named_params};
use std::collections::{BTreeMap, BTreeSet};

/// Once so many changes of a document are not indexed, they are inserted into the index.
pub(super) const MAX_LOOSE: i64 = 256;

/// The numbers of the given changes that the document's log has.
pub(super) fn numbers(
    conn: &Connection,
    doc: &DocRow,
    mut wanted: BTreeSet<Sha256>,
) -> Result<BTreeMap<Sha256, i64>, StoreError> {
    let mut numbers = BTreeMap::new();
    if doc.indexed > 0 {
        let mut entry = conn.prepare_cached("SELECT n FROM change_hash WHERE doc = :doc AND hash = :hash")?;
        for hash in &wanted {
            let n = entry.query_row(named_params! { ":doc": doc.key, ":hash": hash.0 }, |row| row.get(0)).optional()?;
            numbers.extend(n.map(|n| (*hash, n)));
        }
        wanted.retain(|hash| !numbers.contains_key(hash));
    }
    if wanted.is_empty() {
        return Ok(numbers);
    }
    let mut loose =
        conn.prepare_cached("SELECT n, hash FROM change WHERE doc = :doc AND n > :indexed ORDER BY n DESC")?;
    let mut rows = loose.query(named_params! { ":doc": doc.key, ":indexed": doc.indexed })?;
    while !wanted.is_empty()
        && let Some(row) = rows.next()?
    {
        let hash = Sha256(row.get(1)?);
        if wanted.remove(&hash) {
            numbers.insert(hash, row.get(0)?);
        }
    }
    Ok(numbers)
}

/// Indexes a document's changes up to its `last`, once [`MAX_LOOSE`] have no entry; returns up to which number the index is complete.
pub(super) fn enter(conn: &Connection, doc: &DocRow, last: i64) -> Result<i64, StoreError> {
    if last - doc.indexed < MAX_LOOSE {
        return Ok(doc.indexed);
    }
    conn.prepare_cached(include_str!("../sql/enter_hashes.sql"))?
        .execute(named_params! { ":doc": doc.key, ":indexed": doc.indexed })?;
    Ok(last)
}
