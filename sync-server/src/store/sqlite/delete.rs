//! Deletes a campaign, part by part: first its devices are no longer served, then its documents are deleted, and last its people.

use super::{forget, rows};
use crate::store::StoreError;
use crate::store::holdings::Holdings;
use crate::store::part::{Doomed, PartSize};
use porchlight_model::id::CampaignId;
use rusqlite::{Connection, OptionalExtension, named_params};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

/// A part that takes longer is too large: a relay waits 5 s for the file at most, and it is to be written yet.
const LONG: Duration = Duration::from_millis(250);

/// As often parts are halved at most: a disk that is slow for a moment is no reason to go on for hours.
const MOST_HALVINGS: u32 = 5;

/// Shuts the campaign: from then on nobody adds anything to it.
const SHUT: [&str; 2] = [
    "UPDATE device SET is_revoked = 1 WHERE campaign = :campaign AND is_revoked = 0",
    "UPDATE invite SET expires_at = 0 WHERE campaign = :campaign AND expires_at > 0",
];

/// The invite by which the campaign was founded is nobody's else, and must let nobody found another once its use is gone.
const CLAIM: &str = "UPDATE invite SET campaign = :campaign WHERE campaign IS NULL
    AND key IN (SELECT invite FROM invite_use WHERE device IN (SELECT key FROM device WHERE campaign = :campaign))";

/// What hangs on a campaign without documents: of each at most so many rows.
const OF_PEOPLE: [&str; 5] = [
    "DELETE FROM invite_use WHERE (invite, device) IN (
        SELECT invite_use.invite, invite_use.device FROM invite CROSS JOIN invite_use ON invite_use.invite = invite.key
        WHERE invite.campaign = :campaign LIMIT :n)",
    "DELETE FROM invite WHERE key IN (SELECT key FROM invite WHERE campaign = :campaign LIMIT :n)",
    "DELETE FROM device WHERE key IN (SELECT key FROM device WHERE campaign = :campaign LIMIT :n)",
    "DELETE FROM member WHERE key IN (SELECT key FROM member WHERE campaign = :campaign LIMIT :n)",
    "DELETE FROM forgotten WHERE id IN (SELECT id FROM forgotten WHERE campaign = :campaign LIMIT :n)",
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

/// Deletes the next part; whether anything of the campaign is left. Meanwhile nobody else writes to the file: where one took long, those after
/// it are smaller.
pub(super) fn next(conn: &Connection, campaign: CampaignId, n_halvings: &AtomicU32) -> Result<bool, StoreError> {
    let (n_times, since) = (n_halvings.load(Ordering::SeqCst), Instant::now());
    let is_more = part(conn, campaign, PartSize::halved(n_times).unwrap_or(PartSize::USUAL))?;
    if since.elapsed() > LONG && n_times < MOST_HALVINGS {
        n_halvings.store(n_times + 1, Ordering::SeqCst);
    }
    Ok(is_more)
}

/// Deletes a part; whether anything of the campaign is left.
fn part(conn: &Connection, campaign: CampaignId, size: PartSize) -> Result<bool, StoreError> {
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
        // Whoever listens is told nothing from now on.
        rows::raise_grants(conn, key)?;
        return Ok(true);
    }
    if docs(conn, key, size)? {
        return Ok(true);
    }
    conn.prepare_cached(CLAIM)?.execute(named_params! { ":campaign": key })?;
    let mut n_left = size.n_rows;
    for sql in OF_PEOPLE {
        let n_gone = conn.prepare_cached(sql)?.execute(named_params! { ":campaign": key, ":n": n_left })?;
        n_left -= i64::try_from(n_gone).unwrap_or(i64::MAX);
        if n_left <= 0 {
            return Ok(true);
        }
    }
    conn.prepare_cached("DELETE FROM campaign WHERE key = :campaign")?.execute(named_params! { ":campaign": key })?;
    Ok(false)
}

/// Deletes documents, or a part of a log that is too long to go with its document; whether there were any.
fn docs(conn: &Connection, campaign: i64, size: PartSize) -> Result<bool, StoreError> {
    let mut statement = conn.prepare_cached(include_str!("../sql/to_delete.sql"))?;
    let docs = statement.query_map(named_params! { ":campaign": campaign, ":n": size.n_rows }, |row| {
        Ok(Doomed { key: row.get(0)?, n_changes: row.get(1)?, n_bytes: row.get(2)? })
    })?;
    let docs: Vec<Doomed> = docs.collect::<Result<_, _>>()?;
    if let [Doomed { key, n_changes, .. }, ..] = docs.as_slice()
        && *n_changes > size.n_changes
    {
        let sql = "DELETE FROM change WHERE key IN (SELECT key FROM change WHERE doc = :doc LIMIT :n)";
        let n_gone = conn.prepare_cached(sql)?.execute(named_params! { ":doc": key, ":n": size.n_changes })?;
        if i64::try_from(n_gone).is_ok_and(|n_gone| n_gone >= size.n_changes) {
            return Ok(true);
        }
    }
    for doc in size.fitting(&docs) {
        forget::remove(conn, doc.key)?;
    }
    Ok(!docs.is_empty())
}
