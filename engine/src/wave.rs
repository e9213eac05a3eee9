//! Waves: a wave is one round of walking all turf. It has its own document for every turf; ending it removes these everywhere.

mod carry;
pub(crate) mod end;
pub(crate) mod grace;
pub(crate) mod list;
pub(crate) mod start;
pub(crate) mod undo;

use crate::answer::{Answer, local};
use crate::error::EngineError;
use crate::handle::EngineHandle;
use crate::store::docs::DocRow;
use crate::store::waves;
use crate::sync::trouble::Trouble;
use porchlight_model::calls::wave::WaveCall;
use porchlight_model::id::{DocId, WaveId};
use porchlight_model::message::Message;
use rusqlite::Connection;

/// Answers this capability's calls.
pub(crate) fn answer(handle: &EngineHandle, call: WaveCall) -> Answer {
    match call {
        WaveCall::Waves(call) => local(handle, &call, list::waves),
        WaveCall::StartWave(call) => local(handle, &call, start::start),
        WaveCall::UndoStart(call) => local(handle, &call, undo::undo),
        WaveCall::EndWave(call) => local(handle, &call, end::end),
        WaveCall::EraseWave(call) => local(handle, &call, grace::erase),
        WaveCall::ReopenWave(call) => local(handle, &call, grace::reopen),
        WaveCall::RemoveEnded(call) => local(handle, &call, end::remove),
    }
}

/// The wave for which turf is cut: the current one, or the first while there is none.
///
/// # Errors
/// When there is no wave in progress.
pub(crate) fn for_cut(conn: &Connection) -> Result<WaveId, EngineError> {
    let all = waves::all(conn)?;
    match all.iter().rev().find(|wave| wave.goes_on()) {
        Some(wave) => Ok(wave.id),
        None if all.is_empty() => Ok(WaveId::FIRST),
        None => Err(EngineError::bad_input(Message::new("wave-none"))),
    }
}

/// The documents of ended waves that are kept because of what only this device holds.
pub(crate) fn kept(conn: &Connection, rows: &[DocRow]) -> Result<Vec<DocId>, EngineError> {
    let mut kept = Vec::new();
    for row in rows {
        if row.trouble == Trouble::NoGrant && waves::has_ended(conn, row.id)? {
            kept.push(row.id);
        }
    }
    Ok(kept)
}

/// The number of results in those documents.
pub(crate) fn n_ended(conn: &Connection, kept: &[DocId]) -> Result<u32, EngineError> {
    kept.iter().try_fold(0, |n, doc| Ok(n + waves::n_held_acts(conn, *doc)?))
}
