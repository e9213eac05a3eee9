//! Forgetting: deletes documents of ended waves with all dependent rows. Only their ids stay, as tombstones.
//!
//! Locks, in the order of all others: the campaign's turn to bear, the documents by key and for themselves alone, the campaign. Whoever
//! writes a row that names a document holds a share of it, so nothing is added to one that goes.

use super::database::{Tx, all, run};
use super::intake::births;
use super::rows;
use crate::store::known::{check_is_own_turf, check_may_forget, no_such_turf};
use crate::store::{Caller, Hint, StoreError, Whose};
use porchlight_model::id::DocId;
use porchlight_model::time::At;
use porchlight_model::wire::DocKind;

/// The rows that refer to documents, and last their own rows.
const OF_DOCS: [&str; 7] = [
    "DELETE FROM change WHERE doc = ANY ($1)",
    "DELETE FROM snapshot WHERE doc = ANY ($1)",
    "DELETE FROM actor WHERE doc = ANY ($1)",
    "DELETE FROM handed_out WHERE doc = ANY ($1)",
    "DELETE FROM invite_doc WHERE doc = ANY ($1)",
    "DELETE FROM pack_doc WHERE doc = ANY ($1)",
    "DELETE FROM doc WHERE key = ANY ($1)",
];

/// Forgets documents, all or none.
pub(super) async fn forget(tx: &Tx<'_>, by: Caller, docs: &[DocId], now: At) -> Result<Option<Hint>, StoreError> {
    let device = rows::enrolled(tx, by.device).await?;
    check_may_forget(&device)?;
    // Whoever bears a document has looked whether it was forgotten: under the same turn.
    births::take_turn(tx, device.campaign_key).await?;
    let mut ids: Vec<_> = docs.iter().map(|doc| doc.to_bytes().to_vec()).collect();
    ids.sort();
    ids.dedup();
    let (mut keys, mut gone) = (Vec::new(), Vec::new());
    for row in &all(tx, include_str!("sql/lock_to_forget.sql"), &[&ids]).await? {
        check_is_own_turf(&device, row.try_get(2)?, DocKind::parse(row.try_get(3)?))?;
        keys.push(row.try_get::<_, i64>(0)?);
        gone.push(row.try_get::<_, Vec<u8>>(1)?);
    }
    let sql = "SELECT id FROM forgotten WHERE id = ANY ($1) AND campaign = $2";
    let before = all(tx, sql, &[&ids, &device.campaign_key]).await?;
    if gone.len() + before.len() < ids.len() {
        return Err(no_such_turf());
    }
    if keys.is_empty() {
        return Ok(None);
    }
    remove(tx, &keys).await?;
    let sql = "INSERT INTO forgotten (id, campaign, at) SELECT id, $2, $3 FROM unnest($1::bytea[]) AS gone (id)";
    run(tx, sql, &[&gone, &device.campaign_key, &now.0]).await?;
    let grants = rows::raise_grants(tx, device.campaign_key).await?;
    Ok(Some(Hint::of_grants(device.campaign, grants, by.device, Whose::All)))
}

/// Deletes documents with all rows that refer to them.
pub(super) async fn remove(tx: &Tx<'_>, keys: &[i64]) -> Result<(), StoreError> {
    let packs = all(tx, "SELECT DISTINCT hash FROM pack_doc WHERE doc = ANY ($1) ORDER BY hash", &[&keys]).await?;
    let packs = packs.iter().map(|row| Ok(row.try_get(0)?)).collect::<Result<Vec<Vec<u8>>, StoreError>>()?;
    for sql in OF_DOCS {
        run(tx, sql, &[&keys]).await?;
    }
    run(tx, include_str!("sql/forget_packs.sql"), &[&packs]).await?;
    Ok(())
}
