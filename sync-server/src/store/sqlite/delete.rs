//! Deletes a campaign, part by part: first its devices are no longer served, then its documents are deleted, and last its people.

use super::forget;
use crate::store::StoreError;
use crate::store::holdings::{DOCS_A_PART, Holdings};
use porchlight_model::id::CampaignId;
use rusqlite::{Connection, OptionalExtension, named_params};

/// Shuts the campaign: from then on nobody adds anything to it.
const SHUT: [&str; 2] = [
    "UPDATE device SET is_revoked = 1 WHERE campaign = :campaign AND is_revoked = 0",
    "UPDATE invite SET expires_at = 0 WHERE campaign = :campaign AND expires_at > 0",
];

/// The rows that refer to a campaign without documents, and last its own row.
const OF_A_CAMPAIGN: [&str; 7] = [
    // The invite by which it was founded belongs to it and must not found another campaign.
    "UPDATE invite SET campaign = :campaign WHERE campaign IS NULL
     AND key IN (SELECT invite FROM invite_use WHERE device IN (SELECT key FROM device WHERE campaign = :campaign))",
    "DELETE FROM invite_use WHERE invite IN (SELECT key FROM invite WHERE campaign = :campaign)",
    "DELETE FROM invite WHERE campaign = :campaign",
    "DELETE FROM device WHERE campaign = :campaign",
    "DELETE FROM member WHERE campaign = :campaign",
    "DELETE FROM forgotten WHERE campaign = :campaign",
    "DELETE FROM campaign WHERE key = :campaign",
];

/// What the store holds of a campaign.
pub(super) fn holdings(conn: &Connection, campaign: CampaignId) -> Result<Option<Holdings>, StoreError> {
    let mut statement = conn.prepare_cached(include_str!("../sql/holdings.sql"))?;
    let found = statement.query_row(named_params! { ":campaign": campaign.to_bytes() }, |row| {
        let [n_members, n_devices, n_docs, n_changes, n_packs] =
            [1, 2, 3, 4, 5].map(|at| row.get::<_, i64>(at).map(i64::cast_unsigned));
        Ok(Holdings {
            campaign,
            name: row.get(0)?,
            n_members: n_members?,
            n_devices: n_devices?,
            n_docs: n_docs?,
            n_changes: n_changes?,
            n_packs: n_packs?,
        })
    });
    Ok(found.optional()?)
}

/// Deletes a part; returns whether anything of the campaign is left.
pub(super) fn part(conn: &Connection, campaign: CampaignId) -> Result<bool, StoreError> {
    let key = conn
        .prepare_cached("SELECT key FROM campaign WHERE id = :campaign")?
        .query_row(named_params! { ":campaign": campaign.to_bytes() }, |row| row.get::<_, i64>(0))
        .optional()?;
    let Some(key) = key else { return Ok(false) };
    let mut n_shut = 0;
    for sql in SHUT {
        n_shut += conn.prepare_cached(sql)?.execute(named_params! { ":campaign": key })?;
    }
    if n_shut > 0 {
        return Ok(true);
    }
    let mut statement = conn.prepare_cached("SELECT key FROM doc WHERE campaign = :campaign LIMIT :n")?;
    let docs = statement.query_map(named_params! { ":campaign": key, ":n": DOCS_A_PART }, |row| row.get(0))?;
    let docs: Vec<i64> = docs.collect::<Result<_, _>>()?;
    for doc in &docs {
        forget::remove(conn, *doc)?;
    }
    if !docs.is_empty() {
        return Ok(true);
    }
    for sql in OF_A_CAMPAIGN {
        conn.prepare_cached(sql)?.execute(named_params! { ":campaign": key })?;
    }
    Ok(false)
}
