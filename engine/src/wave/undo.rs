//! Undoes the start of a wave. The wave is set aside, not ended: its documents stay everywhere, and a result that is recorded in it on a phone which
//! did not know yet makes it continue after all, whichever came first.

use crate::doc::campaign_map;
use crate::engine::Engine;
use crate::error::EngineError;
use crate::store::waves;
use porchlight_model::calls::Topic;
use porchlight_model::calls::wave::UndoStart;
use porchlight_model::grant::Act;
use porchlight_model::id::WaveId;
use porchlight_model::message::Message;
use rusqlite::Connection;

/// Undoes a start; it is idempotent.
///
/// # Errors
/// When this device is not a coordinator's, there is no such wave, it has ended, something is recorded in it, turf was cut in it, or no other wave
/// is in progress.
pub(crate) fn undo(engine: &mut Engine, call: &UndoStart) -> Result<(), EngineError> {
    if !engine.member()?.identity.role.may(Act::RunWaves) {
        return Err(EngineError::not_allowed(Act::RunWaves));
    }
    engine.write("undo the start of a wave", |tx| {
        let wave = waves::all(tx.conn())?.into_iter().find(|wave| wave.id == call.wave);
        let wave = wave.ok_or_else(|| EngineError::not_found("error-wave-gone"))?;
        if wave.undone_at.is_some() {
            return Ok(());
        }
        if wave.ended_at.is_some() {
            return Err(EngineError::bad_input(Message::new("error-wave-ended")));
        }
        if let Some(refusal) = refusal(tx.conn(), wave.id)? {
            return Err(EngineError::bad_input(refusal));
        }
        let (campaign, at) = (tx.member()?.campaign_doc, tx.now());
        tx.touch(Topic::Turf);
        tx.edit(campaign, |edit| edit.put(campaign_map::ABOUT, &key(wave.id), at.0))
    })
}

/// Why the start of a wave that has not ended cannot be undone.
pub(super) fn refusal(conn: &Connection, wave: WaveId) -> Result<Option<Message>, EngineError> {
    let is_other = waves::all(conn)?.iter().any(|other| other.goes_on() && other.id < wave);
    if !is_other {
        return Ok(Some(Message::new("wave-undo-none-before")));
    }
    let n_records = waves::n_records(conn, wave)?;
    if n_records > 0 {
        return Ok(Some(Message::new("wave-undo-recorded").with("n", n_records)));
    }
    let n_cut = waves::n_only_in(conn, wave)?;
    Ok((n_cut > 0).then(|| Message::new("wave-undo-cut").with("n", n_cut)))
}

/// Continues undone waves in which results turned out to be recorded. A coordinator's device does so as soon as it has them, so that all others
/// learn of it from the campaign document.
///
/// # Errors
/// When the database fails.
pub(crate) fn take_up_recorded(engine: &mut Engine) -> Result<(), EngineError> {
    let Some(member) = engine.membership().filter(|member| member.identity.role.may(Act::RunWaves)) else {
        return Ok(());
    };
    let campaign = member.campaign_doc;
    let recorded = waves::undone_with_records(engine.conn())?;
    if recorded.is_empty() {
        return Ok(());
    }
    engine.write("a wave goes on: something is recorded in it", |tx| {
        tx.touch(Topic::Turf);
        tx.edit(campaign, |edit| recorded.iter().try_for_each(|wave| edit.take_back(campaign_map::ABOUT, &key(*wave))))
    })
}

fn key(wave: WaveId) -> String {
    format!("{}{wave}", campaign_map::UNDONE)
}
