//! Turf that was cut before a voter became confidential: its pack is made anew without that voter, and phones fetch it at their next sync.

use crate::doc::{campaign_map, turf_map};
use crate::engine::Tx;
use crate::error::EngineError;
use crate::pack;
use crate::store::{packs, turfs};
use automerge::ScalarValue;
use porchlight_model::id::{DocId, VoterId};
use std::collections::BTreeSet;

/// Makes every pack on this device anew that names one of these voters; the turf's document and the campaign's list name the new one.
///
/// # Errors
/// When a pack cannot be read or the database fails; nothing of the import is kept then.
pub(super) fn packs_without(tx: &mut Tx<'_>, confidential: &BTreeSet<VoterId>) -> Result<(), EngineError> {
    if confidential.is_empty() {
        return Ok(());
    }
    for (doc, hash) in packs::named(tx.conn())? {
        let Some(bytes) = packs::get(tx.conn(), hash)? else { continue };
        let mut pack = pack::decode(&bytes)?;
        let n_before = pack.voters.len();
        pack.voters.retain(|voter| !confidential.contains(&voter.id));
        if pack.voters.len() < n_before {
            renew(tx, doc, &pack)?;
        }
    }
    Ok(())
}

fn renew(tx: &mut Tx<'_>, doc: DocId, made: &porchlight_model::turf::Pack) -> Result<(), EngineError> {
    let (hash, bytes) = pack::encode(made)?;
    packs::put(tx.conn(), hash, doc, &bytes, false)?;
    packs::remove_others(tx.conn(), doc, hash)?;
    tx.edit(doc, |edit| edit.put(turf_map::ABOUT, "pack", ScalarValue::Bytes(hash.0.to_vec())))?;
    let Some(mut entry) = turfs::get(tx.conn(), made.turf)? else { return Ok(()) };
    entry.pack = hash;
    entry.n_voters = u32::try_from(made.voters.len()).unwrap_or(u32::MAX);
    let (campaign, entry) = (tx.member()?.campaign_doc, serde_json::to_string(&entry)?);
    tx.edit(campaign, |edit| edit.put(campaign_map::TURFS, &made.turf.to_string(), entry))
}
