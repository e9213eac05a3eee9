//! Starts a wave: creates a document for every turf, as cutting does, with the turf's existing pack.

use crate::doc::born;
use crate::doc::campaign_map;
use crate::engine::{Engine, Tx};
use crate::error::EngineError;
use crate::store::{packs, turfs, waves};
use porchlight_model::calls::Topic;
use porchlight_model::calls::wave::{MAX_WAVE_NAME_CHARS, StartWave};
use porchlight_model::id::{DocId, WaveId};
use porchlight_model::message::Message;
use porchlight_model::time::At;
use porchlight_model::turf::TurfEntry;
use porchlight_model::wire::DocKind;

/// The maximum number of turf in one change of the campaign document, which keeps it well below the size limit.
const TURF_PER_CHANGE: usize = 200;

/// Starts a wave.
///
/// # Errors
/// When this device is not a coordinator's, the name is invalid, or a turf's pack is missing; then nothing is started.
pub(crate) fn start(engine: &mut Engine, call: &StartWave) -> Result<(), EngineError> {
    let name = call.name.trim();
    if !(1..=MAX_WAVE_NAME_CHARS).contains(&name.chars().count()) {
        return Err(EngineError::bad_input(Message::new("wave-name").with("max", MAX_WAVE_NAME_CHARS)));
    }
    engine.write("start a wave", |tx| {
        let entries = turfs::all(tx.conn())?;
        let mut n_missing = 0;
        for entry in &entries {
            n_missing += u32::from(!packs::has(tx.conn(), entry.pack)?);
        }
        if n_missing > 0 {
            return Err(EngineError::bad_input(Message::new("wave-pack-missing").with("n", n_missing)));
        }
        // Later than all others, whatever this device's clock says, because the newest wave is the current one.
        let newest = waves::all(tx.conn())?.into_iter().filter_map(|wave| wave.id.started_at()).max();
        let at = newest.map_or(tx.now(), |newest| tx.now().max(newest.plus_ms(1)));
        let wave = WaveId::new(at.unsigned_ms(), tx.random());
        let campaign = tx.member()?.campaign_doc;
        tx.edit(campaign, |edit| edit.put(campaign_map::ABOUT, &format!("{}{wave}", campaign_map::WAVE), name))?;
        bear(tx, wave, at, &entries)
    })
}

/// Creates a document in a wave for each turf.
pub(super) fn bear(tx: &mut Tx<'_>, wave: WaveId, at: At, entries: &[TurfEntry]) -> Result<(), EngineError> {
    let campaign = tx.member()?.campaign_doc;
    let mut rounds = Vec::with_capacity(entries.len());
    for (n, entry) in (0..).zip(entries) {
        let doc = DocId::new(at.plus_ms(n).unsigned_ms(), tx.random());
        tx.create_doc(doc, DocKind::Turf, |edit| born::turf(edit, entry.id, &entry.name, entry.pack, entry.minutes))?;
        packs::link(tx.conn(), entry.pack, doc, false)?;
        rounds.push((format!("{wave}/{}", entry.id), doc.to_string()));
    }
    for part in rounds.chunks(TURF_PER_CHANGE) {
        tx.edit(campaign, |edit| {
            part.iter().try_for_each(|(key, doc)| edit.put(campaign_map::TURFS, key, doc.as_str()))
        })?;
    }
    tx.touch(Topic::Turf);
    Ok(())
}
