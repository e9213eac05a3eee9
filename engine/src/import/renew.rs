//! Turf that was cut before a newer voter file: its pack is made anew with who lives behind its doors by that file, without whoever is
//! off the roll or confidential, and phones fetch it at their next sync.

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

/// Makes every pack on this device anew whose voters are others by the voters here; the turf's document and the campaign's list name the
/// new one. Returns how many turf have a new one.
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

/// The same for turf of the list that has no document at present, and waits for the next wave.
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

/// Sets a pack that has come right by what this device knows better: whoever its files mark confidential is left out, and where its newest
/// voter file is newer than the one the pack was made of, that file counts. Returns whether the pack is to be made anew.
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

/// Names the voters in a pack who live behind its doors by the rows here. Whom no row tells of stays: they are of a file that was brought
/// in elsewhere.
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

/// Puts a pack in the place of the one that a turf has.
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

/// Puts a pack in the place of the one that a turf of the list has, which has no document at present.
///
/// # Errors
/// When the pack cannot be written or the database fails.
pub(super) fn keep_listed(tx: &mut Tx<'_>, made: &Pack) -> Result<(), EngineError> {
    let (hash, bytes) = pack::encode(made)?;
    packs::keep(tx.conn(), hash, &bytes)?;
    list(tx, hash, made)?;
    packs::purge(tx.conn(), true)
}

/// Names a pack in the campaign's list.
fn list(tx: &mut Tx<'_>, hash: Sha256, made: &Pack) -> Result<(), EngineError> {
    let Some(mut entry) = turfs::as_listed(tx.conn(), made.turf)? else { return Ok(()) };
    entry.pack = hash;
    entry.outline.clone_from(&made.outline);
    entry.n_voters = u32::try_from(made.voters.len()).unwrap_or(u32::MAX);
    let (campaign, entry) = (tx.member()?.campaign_doc, serde_json::to_string(&entry)?);
    tx.edit(campaign, |edit| edit.put(campaign_map::TURFS, &made.turf.to_string(), entry))
}
