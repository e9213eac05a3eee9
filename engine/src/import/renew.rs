//! Turf that was cut before a voter became confidential: its pack is made anew without that voter, and phones fetch it at their next sync.

use crate::doc::{campaign_map, turf_map};
use crate::engine::Tx;
use crate::error::EngineError;
use crate::pack;
use crate::store::{confidential, packs, turfs};
use automerge::ScalarValue;
use porchlight_model::id::{DocId, Sha256, VoterId};
use porchlight_model::turf::Pack;
use std::collections::BTreeSet;

/// Makes every pack on this device anew that names a confidential voter; the turf's document and the campaign's list name the new one.
///
/// # Errors
/// When a pack cannot be read or the database fails; nothing of the import is kept then.
pub(super) fn packs(tx: &mut Tx<'_>) -> Result<(), EngineError> {
    let confidential = confidential::all(tx.conn())?;
    if confidential.is_empty() {
        return Ok(());
    }
    for (doc, hash) in packs::named(tx.conn())? {
        let Some(bytes) = packs::get(tx.conn(), hash)? else { continue };
        let mut pack = pack::decode(&bytes)?;
        if leave_out(&mut pack, &confidential) {
            renew(tx, doc, &pack)?;
        }
    }
    listed(tx, &confidential)
}

/// The same for turf of the list that has no document at present, and waits for the next wave.
fn listed(tx: &mut Tx<'_>, confidential: &BTreeSet<VoterId>) -> Result<(), EngineError> {
    for entry in turfs::all(tx.conn())? {
        if packs::is_any_about(tx.conn(), entry.id)? {
            continue;
        }
        let Some(bytes) = packs::get(tx.conn(), entry.pack)? else { continue };
        let mut pack = pack::decode(&bytes)?;
        if leave_out(&mut pack, confidential) {
            keep_listed(tx, &pack)?;
        }
    }
    Ok(())
}

/// Takes confidential voters out of a pack that has come; whether there were any. It was cut where their file was not known yet, and is
/// to be made anew.
///
/// # Errors
/// When the database fails.
pub(crate) fn leave_out_of(tx: &Tx<'_>, pack: &mut Pack) -> Result<bool, EngineError> {
    Ok(leave_out(pack, &confidential::all(tx.conn())?))
}

fn leave_out(pack: &mut Pack, confidential: &BTreeSet<VoterId>) -> bool {
    let n_before = pack.voters.len();
    pack.voters.retain(|voter| !confidential.contains(&voter.id));
    pack.voters.len() < n_before
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
