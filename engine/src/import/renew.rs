//! Renews the packs of turf that was cut before a newer voter file. A new pack has the residents according to that file, without voters who are
//! off the roll or confidential; phones fetch it at their next sync.

use crate::doc::{campaign_map, turf_map};
use crate::engine::Tx;
use crate::error::EngineError;
use crate::pack;
use crate::store::{confidential, cut, packs, reference, roll, turfs};
use automerge::ScalarValue;
use porchlight_model::id::{DocId, Sha256, TurfId, VoterId};
use porchlight_model::turf::Pack;
use porchlight_model::voter::Voter;
use rusqlite::Connection;
use std::collections::BTreeSet;

/// Renews every pack on this device whose voters differ from the voter rows; the turf's document and the campaign's list then name the
/// new pack. Returns how many turf have a new pack.
///
/// # Errors
/// When a pack cannot be read or the database fails; nothing of the import is kept then.
pub(super) fn packs(tx: &mut Tx<'_>) -> Result<u64, EngineError> {
    let confidential = confidential::all(tx.conn())?;
    let mut renewed: BTreeSet<TurfId> = BTreeSet::new();
    for (doc, hash) in packs::named(tx.conn())? {
        let Some(bytes) = packs::get(tx.conn(), hash)? else { continue };
        let mut pack = pack::decode(&bytes)?;
        if bring_up_to_date(tx.conn(), &mut pack, &confidential)? {
            renew(tx, doc, &pack)?;
            renewed.insert(pack.turf);
        }
    }
    listed(tx, &confidential, &mut renewed)?;
    Ok(renewed.len() as u64)
}

/// As [`packs`], for listed turf without a document, which waits for the next wave.
fn listed(
    tx: &mut Tx<'_>,
    confidential: &BTreeSet<VoterId>,
    renewed: &mut BTreeSet<TurfId>,
) -> Result<(), EngineError> {
    for entry in turfs::all(tx.conn())? {
        if packs::is_any_about(tx.conn(), entry.id)? {
            continue;
        }
        let Some(bytes) = packs::get(tx.conn(), entry.pack)? else { continue };
        let mut pack = pack::decode(&bytes)?;
        if bring_up_to_date(tx.conn(), &mut pack, confidential)? {
            keep_listed(tx, &pack)?;
            renewed.insert(entry.id);
        }
    }
    Ok(())
}

/// Corrects a pack that arrived with what this device knows better: voters whom its files mark as confidential are left out, and if its newest
/// voter file is newer than the one from which the pack was made, that file counts. Returns whether the pack must be renewed.
///
/// # Errors
/// When the database fails.
pub(crate) fn set_right(tx: &Tx<'_>, pack: &mut Pack) -> Result<bool, EngineError> {
    let confidential = confidential::all(tx.conn())?;
    if reference::has_imported(tx.conn())? && pack.roll_at < roll::at(tx.conn())? {
        return bring_up_to_date(tx.conn(), pack, &confidential);
    }
    let n_before = pack.voters.len();
    pack.voters.retain(|voter| !confidential.contains(&voter.id));
    Ok(pack.voters.len() < n_before)
}

/// Updates the voters in a pack from the rows on this device. Voters without a row stay: they come from a file that was imported
/// on another device.
fn bring_up_to_date(conn: &Connection, pack: &mut Pack, confidential: &BTreeSet<VoterId>) -> Result<bool, EngineError> {
    let mut voters: Vec<Voter> = Vec::with_capacity(pack.voters.len());
    for voter in &pack.voters {
        if !confidential.contains(&voter.id) && !roll::is_known(conn, voter.id)? {
            voters.push(voter.clone());
        }
    }
    for door in &pack.doors {
        voters.extend(cut::voters(conn, door.id)?.into_iter().filter(|voter| !confidential.contains(&voter.id)));
    }
    voters.sort_by_key(|voter| voter.id);
    pack.voters.sort_by_key(|voter| voter.id);
    if voters == pack.voters {
        return Ok(false);
    }
    pack.voters = voters;
    pack.roll_at = roll::at(conn)?;
    Ok(true)
}

/// Replaces the pack of a turf.
///
/// # Errors
/// When the pack cannot be written or the database fails.
pub(crate) fn renew(tx: &mut Tx<'_>, doc: DocId, made: &Pack) -> Result<(), EngineError> {
    let (hash, bytes) = pack::encode(made)?;
    packs::put(tx.conn(), hash, doc, &bytes, false)?;
    tx.edit(doc, |edit| edit.put(turf_map::ABOUT, "pack", ScalarValue::Bytes(hash.0.to_vec())))?;
    list(tx, hash, made)?;
    packs::remove_others(tx.conn(), doc, hash, tx.keeps_listed())
}

/// Replaces the pack of a listed turf without a document.
///
/// # Errors
/// When the pack cannot be written or the database fails.
pub(super) fn keep_listed(tx: &mut Tx<'_>, made: &Pack) -> Result<(), EngineError> {
    let (hash, bytes) = pack::encode(made)?;
    packs::keep(tx.conn(), hash, &bytes)?;
    list(tx, hash, made)?;
    packs::purge(tx.conn(), true)
}

/// Enters a pack in the campaign's list.
fn list(tx: &mut Tx<'_>, hash: Sha256, made: &Pack) -> Result<(), EngineError> {
    let Some(mut entry) = turfs::as_listed(tx.conn(), made.turf)? else { return Ok(()) };
    entry.pack = hash;
    entry.outline.clone_from(&made.outline);
    entry.n_voters = u32::try_from(made.voters.len()).unwrap_or(u32::MAX);
    let (campaign, entry) = (tx.member()?.campaign_doc, serde_json::to_string(&entry)?);
    tx.edit(campaign, |edit| edit.put(campaign_map::TURFS, &made.turf.to_string(), entry))
}
