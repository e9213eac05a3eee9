//! Deletes a campaign, part by part: first its devices are no longer served, then its documents are deleted, and last its people.
//!
//! Locks, in the same order as everywhere: invites, devices by key, the campaign's lock for new documents, documents by key, the campaign.

use super::database::{Tx, all, first, run};
use super::intake::births;
use super::{forget, rows};
use crate::store::StoreError;
use crate::store::holdings::{DOCS_A_PART, Holdings};
use porchlight_model::id::CampaignId;

/// Shuts the campaign: from then on nobody adds anything to it.
const SHUT: [&str; 2] = [
    "UPDATE invite SET expires_at = 0 WHERE campaign = $1 AND expires_at > 0",
    "UPDATE device SET is_revoked = TRUE WHERE campaign = $1 AND NOT is_revoked",
];

/// Locks the rows, so that nobody else changes them meanwhile.
const HOLD: [&str; 2] = [
    "SELECT key FROM invite WHERE campaign = $1 ORDER BY key FOR UPDATE",
    "SELECT key FROM device WHERE campaign = $1 ORDER BY key FOR UPDATE",
];

/// The rows that refer to a campaign without documents, and last its own row.
const OF_A_CAMPAIGN: [&str; 7] = [
    // The invite by which it was founded belongs to it and must not found another campaign.
    "UPDATE invite SET campaign = $1 WHERE campaign IS NULL
     AND key IN (SELECT invite FROM invite_use WHERE device IN (SELECT key FROM device WHERE campaign = $1))",
    "DELETE FROM invite_use WHERE invite IN (SELECT key FROM invite WHERE campaign = $1)",
    "DELETE FROM invite WHERE campaign = $1",
    "DELETE FROM device WHERE campaign = $1",
    "DELETE FROM member WHERE campaign = $1",
    "DELETE FROM forgotten WHERE campaign = $1",
    "DELETE FROM campaign WHERE key = $1",
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

/// Deletes a part; returns whether anything of the campaign is left.
pub(super) async fn part(tx: &Tx<'_>, campaign: CampaignId) -> Result<bool, StoreError> {
    let id = campaign.to_bytes();
    let Some(row) = first(tx, "SELECT key FROM campaign WHERE id = $1", &[&id.as_slice()]).await? else {
        return Ok(false);
    };
    let key: i64 = row.try_get(0)?;
    for sql in HOLD {
        run(tx, sql, &[&key]).await?;
    }
    let mut n_shut = 0;
    for sql in SHUT {
        n_shut += run(tx, sql, &[&key]).await?;
    }
    if n_shut > 0 {
        return Ok(true);
    }
    births::take_turn(tx, key).await?;
    let docs = all(tx, include_str!("sql/lock_to_delete.sql"), &[&key, &DOCS_A_PART]).await?;
    let docs = docs.iter().map(|row| Ok(row.try_get(0)?)).collect::<Result<Vec<i64>, StoreError>>()?;
    if !docs.is_empty() {
        forget::remove(tx, &docs).await?;
        return Ok(true);
    }
    run(tx, "SELECT key FROM campaign WHERE key = $1 FOR UPDATE", &[&key]).await?;
    for sql in OF_A_CAMPAIGN {
        run(tx, sql, &[&key]).await?;
    }
    Ok(false)
}
