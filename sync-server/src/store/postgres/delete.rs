//! Deletes a campaign, part by part: first its devices are no longer served, then its documents are deleted, and last its people.
//!
//! Locks, in the same order as everywhere: invites, devices by key, the campaign's lock for new documents, documents by key, the campaign.

use super::database::{Database, Tx, all, first, one, run};
use super::intake::births;
use super::{fault, forget, rows};
use crate::store::StoreError;
use crate::store::holdings::Holdings;
use crate::store::part::{Doomed, PartSize};
use porchlight_model::id::CampaignId;
use std::sync::atomic::{AtomicU32, Ordering};
use tokio_postgres::Row;

/// Whether anybody of the campaign may still add something.
const IS_OPEN: &str = "SELECT EXISTS (SELECT FROM device WHERE campaign = $1 AND NOT is_revoked)
    OR EXISTS (SELECT FROM invite WHERE campaign = $1 AND expires_at > 0)";

/// Locks the rows, so that nobody else changes them meanwhile.
const HOLD: [&str; 2] = [
    "SELECT key FROM invite WHERE campaign = $1 ORDER BY key FOR UPDATE",
    "SELECT key FROM device WHERE campaign = $1 ORDER BY key FOR UPDATE",
];

/// From when on nobody of the campaign adds anything.
const SHUT: [&str; 2] = [
    "UPDATE invite SET expires_at = 0 WHERE campaign = $1 AND expires_at > 0",
    "UPDATE device SET is_revoked = TRUE WHERE campaign = $1 AND NOT is_revoked",
];

/// The invite by which the campaign was founded is nobody's else, and must let nobody found another once its use is gone.
const CLAIM: &str = "UPDATE invite SET campaign = $1 WHERE campaign IS NULL AND key = ANY (ARRAY(
    SELECT invite FROM invite_use WHERE device = ANY (ARRAY(SELECT key FROM device WHERE campaign = $1))))";

/// What hangs on a campaign without documents: of each at most so many rows. As arrays they are looked up one by one, whatever the planner
/// believes of how many there are.
const OF_PEOPLE: [&str; 5] = [
    "DELETE FROM invite_use WHERE ctid = ANY (ARRAY(
        SELECT ctid FROM invite_use WHERE invite = ANY (ARRAY(SELECT key FROM invite WHERE campaign = $1)) LIMIT $2))",
    "DELETE FROM invite WHERE key = ANY (ARRAY(SELECT key FROM invite WHERE campaign = $1 LIMIT $2))",
    "DELETE FROM device WHERE key = ANY (ARRAY(SELECT key FROM device WHERE campaign = $1 LIMIT $2))",
    "DELETE FROM member WHERE key = ANY (ARRAY(SELECT key FROM member WHERE campaign = $1 LIMIT $2))",
    "DELETE FROM forgotten WHERE id = ANY (ARRAY(SELECT id FROM forgotten WHERE campaign = $1 LIMIT $2))",
];

/// What the store holds of a campaign.
pub(super) async fn holdings(tx: &Tx<'_>, campaign: CampaignId) -> Result<Option<Holdings>, StoreError> {
    let id = campaign.to_bytes();
    let Some(row) = first(tx, include_str!("sql/holdings.sql"), &[&id.as_slice()]).await? else { return Ok(None) };
    Ok(Some(Holdings {
        campaign,
        name: row.try_get(0)?,
        n_members: rows::count(&row, 1)?,
        n_devices: rows::count(&row, 2)?,
        n_docs: rows::count(&row, 3)?,
        n_changes: rows::count(&row, 4)?,
        n_packs: rows::count(&row, 5)?,
    }))
}

/// Deletes the next part; whether anything of the campaign is left. What the database takes too long for is halved, and stays so for the
/// parts after it.
pub(super) async fn next(database: &Database, n_halvings: &AtomicU32, of: CampaignId) -> Result<bool, StoreError> {
    loop {
        let n_times = n_halvings.load(Ordering::SeqCst);
        let size = PartSize::halved(n_times).unwrap_or(PartSize::USUAL);
        match database.write((of, size), |tx, (of, size)| Box::pin(part(tx, *of, *size))).await {
            Err(error) if fault::is_too_slow(&error) && PartSize::halved(n_times + 1).is_some() => {
                tracing::warn!(%error, "a part of a campaign took too long to delete; it is halved");
                n_halvings.store(n_times + 1, Ordering::SeqCst);
            }
            result => return result,
        }
    }
}

/// Deletes a part; whether anything of the campaign is left.
async fn part(tx: &Tx<'_>, campaign: CampaignId, size: PartSize) -> Result<bool, StoreError> {
    let id = campaign.to_bytes();
    let Some(row) = first(tx, "SELECT key FROM campaign WHERE id = $1", &[&id.as_slice()]).await? else {
        return Ok(false);
    };
    let key: i64 = row.try_get(0)?;
    if one(tx, IS_OPEN, &[&key]).await?.try_get(0)? {
        for sql in HOLD.into_iter().chain(SHUT) {
            run(tx, sql, &[&key]).await?;
        }
        // Whoever listens is told nothing from now on.
        rows::raise_grants(tx, key).await?;
        return Ok(true);
    }
    if docs(tx, key, size).await? {
        return Ok(true);
    }
    run(tx, CLAIM, &[&key]).await?;
    let mut n_left = size.n_rows;
    for sql in OF_PEOPLE {
        n_left -= run(tx, sql, &[&key, &n_left]).await?.cast_signed();
        if n_left <= 0 {
            return Ok(true);
        }
    }
    run(tx, "SELECT key FROM campaign WHERE key = $1 FOR UPDATE", &[&key]).await?;
    run(tx, "DELETE FROM campaign WHERE key = $1", &[&key]).await?;
    Ok(false)
}

/// Deletes documents, or a part of one that is too large to go with all that hangs on it; whether there were any.
async fn docs(tx: &Tx<'_>, campaign: i64, size: PartSize) -> Result<bool, StoreError> {
    births::take_turn(tx, campaign).await?;
    let locked = all(tx, include_str!("sql/lock_to_delete.sql"), &[&campaign, &size.n_rows]).await?;
    let keys = locked.iter().map(|row| Ok(row.try_get(0)?)).collect::<Result<Vec<i64>, StoreError>>()?;
    let sized = all(tx, include_str!("sql/to_delete.sql"), &[&keys]).await?;
    let doomed = |row: &Row| -> Result<Doomed, StoreError> {
        Ok(Doomed { key: row.try_get(0)?, n_changes: row.try_get(1)?, n_bytes: row.try_get(2)? })
    };
    let docs = sized.iter().map(doomed).collect::<Result<Vec<_>, _>>()?;
    // Logs are weighed only of those that might go.
    let mut fitting = size.fitting(&docs).to_vec();
    for doc in &mut fitting {
        doc.n_bytes += log_sizes(tx, doc.key, size).await?.iter().map(|(_, n_bytes)| n_bytes).sum::<i64>();
    }
    if let Some(first) = fitting.first()
        && size.is_exceeded_by(*first)
        && thin(tx, first.key, size).await?
    {
        return Ok(true);
    }
    let gone: Vec<i64> = size.fitting(&fitting).iter().map(|doc| doc.key).collect();
    if !gone.is_empty() {
        forget::remove(tx, &gone).await?;
    }
    Ok(!gone.is_empty())
}

/// The first changes of a log, as many as may go at once: number and size.
async fn log_sizes(tx: &Tx<'_>, doc: i64, size: PartSize) -> Result<Vec<(i64, i64)>, StoreError> {
    let sql = "SELECT n, octet_length(bytes)::bigint FROM change WHERE doc = $1 ORDER BY n LIMIT $2";
    let rows = all(tx, sql, &[&doc, &size.n_changes]).await?;
    rows.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).collect()
}

/// Deletes the beginning of a document's log, or some of its packs; false where all that is left may go at once.
async fn thin(tx: &Tx<'_>, doc: i64, size: PartSize) -> Result<bool, StoreError> {
    let log = log_sizes(tx, doc, size).await?;
    let n_fitting = size.n_fitting(log.iter().map(|(_, n_bytes)| *n_bytes));
    let is_all = n_fitting == log.len() && i64::try_from(log.len()).is_ok_and(|n| n < size.n_changes);
    if let Some((last, _)) = n_fitting.checked_sub(1).and_then(|at| log.get(at)).filter(|_| !is_all) {
        run(tx, "DELETE FROM change WHERE doc = $1 AND n <= $2", &[&doc, last]).await?;
        return Ok(true);
    }
    let sql = "SELECT pack.hash, pack.n_bytes FROM pack_doc JOIN pack ON pack.hash = pack_doc.hash
        WHERE pack_doc.doc = $1 ORDER BY pack.hash";
    let rows = all(tx, sql, &[&doc]).await?;
    let packs = rows.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?)));
    let packs = packs.collect::<Result<Vec<(Vec<u8>, i64)>, StoreError>>()?;
    let n_fitting = size.n_fitting(packs.iter().map(|(_, n_bytes)| *n_bytes));
    if n_fitting == packs.len() {
        return Ok(false);
    }
    let hashes: Vec<Vec<u8>> = packs.into_iter().take(n_fitting).map(|(hash, _)| hash).collect();
    run(tx, "DELETE FROM pack_doc WHERE doc = $1 AND hash = ANY ($2)", &[&doc, &hashes]).await?;
    run(tx, include_str!("sql/forget_packs.sql"), &[&hashes]).await?;
    Ok(true)
}
