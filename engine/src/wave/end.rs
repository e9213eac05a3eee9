//! Ends a wave. What outlives it, such as the flag "do not contact", is carried over to the wave that continues.

use super::{carry, grace, start};
use crate::doc::campaign_map;
use crate::engine::{Engine, Tx};
use crate::error::EngineError;
use crate::store::{docs, packs, turfs, waves};
use crate::sync::absorb;
use porchlight_model::calls::wave::{EndWave, RemoveEnded};
use porchlight_model::id::{DocId, TurfId, WaveId};
use porchlight_model::turf::TurfEntry;

/// Ends a wave: this writes the end to the campaign document, and the next sync of a coordinator's device carries it out. Ending it again changes
/// nothing, unless the recorded end does not count because its author is not, or is no longer, a coordinator.
///
/// # Errors
/// When this device is not a coordinator's, or there is no such wave.
pub(crate) fn end(engine: &mut Engine, call: &EndWave) -> Result<(), EngineError> {
    let counts = grace::end_of(engine, call.wave)?.is_some_and(|end| end.counts);
    engine.write("end a wave", |tx| {
        let all = waves::all(tx.conn())?;
        let wave = all.iter().find(|wave| wave.id == call.wave);
        let wave = wave.ok_or_else(|| EngineError::not_found("error-wave-gone"))?;
        if counts {
            return Ok(());
        }
        carry_on(tx, wave.id)?;
        // A different value, because writing the same one again would add no operation.
        let at = wave.ended_at.map_or(tx.now(), |before| tx.now().max(before.plus_ms(1)));
        let campaign = tx.member()?.campaign_doc;
        let key = format!("{}{}", campaign_map::ENDED, wave.id);
        tx.edit(campaign, |edit| edit.put(campaign_map::ABOUT, &key, at.0))
    })
}

/// Carries over what outlives a wave to the one that continues, if there is one. It runs when a wave ends, and again before it is erased, because
/// results may arrive until then. It is idempotent.
///
/// # Errors
/// When the database or a document fails.
pub(crate) fn carry_on(tx: &mut Tx<'_>, ended: WaveId) -> Result<(), EngineError> {
    let all = waves::all(tx.conn())?;
    let goes_on = all.iter().rev().find(|other| other.goes_on() && other.id != ended);
    goes_on.map_or(Ok(()), |goes_on| take_along(tx, ended, goes_on.id))
}

/// Creates a document in the continuing wave for every turf that has none there, and copies the flags in force to it.
fn take_along(tx: &mut Tx<'_>, ended: WaveId, goes_on: WaveId) -> Result<(), EngineError> {
    let is_left = |tx: &Tx<'_>, turf: TurfId, doc: DocId| {
        Ok::<_, EngineError>(waves::open_docs(tx.conn(), turf)?.into_iter().find(|other| *other != doc))
    };
    let rounds = waves::docs(tx.conn(), ended)?;
    let mut without: Vec<TurfEntry> = Vec::new();
    for (turf, doc) in &rounds {
        if is_left(tx, *turf, *doc)?.is_none()
            && let Some(entry) = turfs::get(tx.conn(), *turf)?
            && packs::has(tx.conn(), entry.pack)?
        {
            without.push(entry);
        }
    }
    let at = tx.now();
    start::bear(tx, goes_on, at, &without)?;
    for (turf, doc) in rounds {
        if let Some(to) = is_left(tx, turf, doc)? {
            carry::along(tx, doc, to)?;
        }
    }
    Ok(())
}

/// Removes the results of ended waves that only this device holds.
///
/// # Errors
/// When the database fails.
pub(crate) fn remove(engine: &mut Engine, _: &RemoveEnded) -> Result<(), EngineError> {
    engine.write("remove results of ended waves", |tx| {
        for doc in super::kept(tx.conn(), &docs::all(tx.conn())?)? {
            absorb::discard_turf(tx, doc)?;
        }
        tx.tell_sync();
        Ok(())
    })
}
