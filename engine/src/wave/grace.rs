//! The grace period: an ended wave is closed at once, and erased a day later unless a coordinator takes the end back. Only an end that a
//! coordinator's device wrote counts, according to the relay's attribution of changes to devices.

use crate::doc::campaign_map;
use crate::doc::project::decided::Decided;
use crate::doc::read::MapReader;
use crate::engine::Engine;
use crate::error::EngineError;
use crate::office::dashboard::roster;
use crate::store::changes::{self, Written};
use crate::store::{settings, waves};
use porchlight_model::calls::Topic;
use porchlight_model::calls::wave::{EraseWave, GRACE_MS, ReopenWave, WaveEnd};
use porchlight_model::grant::Act;
use porchlight_model::id::{Sha256, WaveId};
use porchlight_model::time::At;

/// The setting that lists the waves that a person at this device chose to erase without a grace period.
const ERASE: &str = "erase_waves";

/// An entry that ends a wave.
struct Entry {
    at: At,
    written: Written,
}

/// The end of a wave; `None` if it has not ended.
///
/// # Errors
/// When the database or the campaign document fails.
pub(crate) fn end_of(engine: &mut Engine, wave: WaveId) -> Result<Option<WaveEnd>, EngineError> {
    let entries = entries(engine, wave)?;
    let me = engine.member()?.identity.clone();
    let roster = roster(engine.conn())?;
    let mut end: Option<WaveEnd> = None;
    for Entry { at, written } in entries {
        let of_roster = roster.iter().find(|device| Some(device.device) == written.device);
        let (by, counts) = match of_roster {
            _ if written.device == Some(me.device) => (me.name.clone(), me.role.may(Act::RunWaves)),
            Some(device) => (device.name.clone(), device.role.may(Act::RunWaves)),
            None => (String::new(), false),
        };
        if end.as_ref().is_none_or(|end| !end.counts) {
            // Not from the author's clock alone: a wrong one must not shorten the grace period.
            let since = written.at_relay_since.map_or(at, |heard| heard.max(at));
            // Nor may it delay what a person wants at once.
            let at = if is_to_erase(engine, wave)? { at.min(engine.now()) } else { since.plus_ms(GRACE_MS) };
            end = Some(WaveEnd {
                by,
                counts,
                erased_at: counts.then_some(at),
                is_here: waves::is_here(engine.conn(), wave)?,
            });
        }
    }
    Ok(end)
}

/// The waves to erase now: their end counts and is at the relay, and their grace period is over.
///
/// # Errors
/// As [`end_of`].
pub(crate) fn due(engine: &mut Engine) -> Result<Vec<WaveId>, EngineError> {
    let mut due = Vec::new();
    for wave in waves::all(engine.conn())?.into_iter().filter(|wave| wave.ended_at.is_some()) {
        let is_told = entries(engine, wave.id)?.iter().any(|entry| entry.written.at_relay_since.is_some());
        let end = end_of(engine, wave.id)?;
        if is_told && end.and_then(|end| end.erased_at).is_some_and(|at| at <= engine.now()) {
            due.push(wave.id);
        }
    }
    Ok(due)
}

/// Erases an ended wave without waiting for the rest of its grace period.
///
/// # Errors
/// When this device is not a coordinator's, or the wave was not ended by one.
pub(crate) fn erase(engine: &mut Engine, call: &EraseWave) -> Result<(), EngineError> {
    check(engine)?;
    if !end_of(engine, call.wave)?.is_some_and(|end| end.counts) {
        return Err(EngineError::not_found("error-wave-gone"));
    }
    engine.write("erase a wave", |tx| {
        let mut all: Vec<WaveId> = settings::get(tx.conn(), ERASE)?.unwrap_or_default();
        all.retain(|wave| *wave != call.wave);
        all.push(call.wave);
        settings::put(tx.conn(), ERASE, &all)?;
        tx.touch(Topic::Turf);
        tx.touch(Topic::Sync);
        Ok(())
    })
}

/// Takes back the end of a wave, so that it continues.
///
/// # Errors
/// When this device is not a coordinator's, or the wave is erased already.
pub(crate) fn reopen(engine: &mut Engine, call: &ReopenWave) -> Result<(), EngineError> {
    check(engine)?;
    if end_of(engine, call.wave)?.is_none() {
        return Ok(());
    }
    if !waves::is_here(engine.conn(), call.wave)? {
        return Err(EngineError::not_found("error-wave-gone"));
    }
    engine.write("take the end of a wave back", |tx| {
        let mut all: Vec<WaveId> = settings::get(tx.conn(), ERASE)?.unwrap_or_default();
        all.retain(|wave| *wave != call.wave);
        settings::put(tx.conn(), ERASE, &all)?;
        let (campaign, key) = (tx.member()?.campaign_doc, format!("{}{}", campaign_map::ENDED, call.wave));
        tx.touch(Topic::Turf);
        tx.edit(campaign, |edit| edit.take_back(campaign_map::ABOUT, &key))
    })
}

fn check(engine: &Engine) -> Result<(), EngineError> {
    let may = engine.member()?.identity.role.may(Act::RunWaves);
    if may { Ok(()) } else { Err(EngineError::not_allowed(Act::RunWaves)) }
}

fn is_to_erase(engine: &Engine, wave: WaveId) -> Result<bool, EngineError> {
    let all: Vec<WaveId> = settings::get(engine.conn(), ERASE)?.unwrap_or_default();
    Ok(all.contains(&wave))
}

/// The entries that end a wave: those that stand by the law of the campaign document, several if coordinators ended it concurrently, and what
/// others wrote, which is told and does not count.
fn entries(engine: &mut Engine, wave: WaveId) -> Result<Vec<Entry>, EngineError> {
    let campaign = engine.member()?.campaign_doc;
    let key = format!("{}{wave}", campaign_map::ENDED);
    let (document, conn) = engine.rooted_with(campaign)?;
    let Some(about) = MapReader::open(document, campaign_map::ABOUT) else { return Ok(Vec::new()) };
    let mut written = Decided::new(conn, campaign, document).numbers(&about, &key)?;
    let shown = about.numbers(&key).into_iter().filter(|one| !written.contains(one)).collect::<Vec<_>>();
    written.extend(shown);
    let entry = |(at, hash): (i64, Sha256)| {
        let written = changes::written(conn, campaign, hash)?;
        Ok(written.map(|written| Entry { at: At(at), written }))
    };
    written.into_iter().filter_map(|one| entry(one).transpose()).collect()
}
