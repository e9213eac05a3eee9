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

/// Deletes documents, or a part of one that is too large to go with all that hangs on it; whether there were any.
fn docs(conn: &Connection, campaign: i64, size: PartSize) -> Result<bool, StoreError> {
    let mut statement = conn.prepare_cached(include_str!("../sql/to_delete.sql"))?;
    let docs = statement.query_map(named_params! { ":campaign": campaign, ":n": size.n_rows }, |row| {
        Ok(Doomed { key: row.get(0)?, n_changes: row.get(1)?, n_bytes: row.get(2)? })
    })?;
    let docs: Vec<Doomed> = docs.collect::<Result<_, _>>()?;
    // Logs are weighed only of those that might go.
    let fitting = size.fitting(&docs).iter().map(|doc| weighed(conn, *doc, size));
    let fitting = fitting.collect::<Result<Vec<_>, _>>()?;
    if let Some(first) = fitting.first()
        && size.is_exceeded_by(*first)
        && thin(conn, first.key, size)?
    {
        return Ok(true);
    }
    for doc in size.fitting(&fitting) {
        forget::remove(conn, doc.key)?;
    }
    Ok(!docs.is_empty())
}

/// A document with the bytes of its changes beside those of its packs.
fn weighed(conn: &Connection, doc: Doomed, size: PartSize) -> Result<Doomed, StoreError> {
    let sizes = log_sizes(conn, doc.key, size)?;
    Ok(Doomed { n_bytes: doc.n_bytes + sizes.iter().map(|(_, n_bytes)| n_bytes).sum::<i64>(), ..doc })
}

/// The first changes of a log, as many as may go at once: number and size.
fn log_sizes(conn: &Connection, doc: i64, size: PartSize) -> Result<Vec<(i64, i64)>, StoreError> {
    let sql = "SELECT n, length(bytes) FROM change WHERE doc = :doc ORDER BY n LIMIT :n";
    let mut statement = conn.prepare_cached(sql)?;
    let sizes = statement
        .query_map(named_params! { ":doc": doc, ":n": size.n_changes }, |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(sizes.collect::<Result<_, _>>()?)
}

/// Deletes the beginning of a document's log, or some of its packs; false where all that is left may go at once.
fn thin(conn: &Connection, doc: i64, size: PartSize) -> Result<bool, StoreError> {
    let log = log_sizes(conn, doc, size)?;
    let n_fitting = size.n_fitting(log.iter().map(|(_, n_bytes)| *n_bytes));
    let is_all = n_fitting == log.len() && i64::try_from(log.len()).is_ok_and(|n| n < size.n_changes);
    if let Some((last, _)) = n_fitting.checked_sub(1).and_then(|at| log.get(at)).filter(|_| !is_all) {
        let sql = "DELETE FROM change WHERE doc = :doc AND n <= :last";
        conn.prepare_cached(sql)?.execute(named_params! { ":doc": doc, ":last": last })?;
        return Ok(true);
    }
    let sql = "SELECT pack.hash, pack.n_bytes FROM pack_doc JOIN pack ON pack.hash = pack_doc.hash
        WHERE pack_doc.doc = :doc ORDER BY pack.hash";
    let mut statement = conn.prepare_cached(sql)?;
    let packs = statement.query_map(named_params! { ":doc": doc }, |row| Ok((row.get(0)?, row.get(1)?)))?;
    let packs: Vec<([u8; 32], i64)> = packs.collect::<Result<_, _>>()?;
    let n_fitting = size.n_fitting(packs.iter().map(|(_, n_bytes)| *n_bytes));
    if n_fitting == packs.len() {
        return Ok(false);
    }
    for (hash, _) in packs.iter().take(n_fitting) {
        conn.prepare_cached("DELETE FROM pack_doc WHERE hash = :hash AND doc = :doc")?
            .execute(named_params! { ":hash": hash, ":doc": doc })?;
        conn.prepare_cached(include_str!("../sql/forget_pack.sql"))?.execute(named_params! { ":hash": hash })?;
    }
    Ok(true)
}
