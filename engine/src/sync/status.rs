//! The sync status for the interface.

use crate::engine::Engine;
use crate::error::EngineError;
use crate::store::{changes, docs, docs::DocRow, newer, packs, settings};
use crate::sync::ask;
use crate::sync::trouble::Trouble;
use crate::wave;
use porchlight_model::calls::sync::{SyncPhase, SyncView};
use porchlight_model::message::Message;

/// A clock error above this is reported, in milliseconds.
const WRONG_CLOCK_MS: i64 = 2 * 60 * 1000;

/// The driver's last observation, in memory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Seen {
    pub(crate) phase: SyncPhase,
    pub(crate) trouble: Option<Message>,
}

/// The view of sync.
pub(crate) fn view(engine: &Engine, seen: Seen) -> Result<SyncView, EngineError> {
    let conn = engine.conn();
    let n_unsent_packs = u32::try_from(packs::unsent(conn)?.len()).unwrap_or(u32::MAX);
    let rows = docs::all(conn)?;
    let kept = wave::kept(conn, &rows)?;
    let n_ended = wave::n_ended(conn, &kept)?;
    let phase = match engine.membership() {
        None => SyncPhase::Off,
        // A full disk takes precedence over the relay's state, because a person has to act on it.
        Some(_) if engine.has_no_room() => SyncPhase::NoRoom,
        Some(_) => seen.phase,
    };
    Ok(SyncView {
        n_held: changes::n_held(conn)? + n_unsent_packs,
        n_ended,
        phase,
        last_ok: settings::get(conn, "last_ok")?,
        trouble: seen
            .trouble
            .or_else(|| standing_trouble(&rows, kept.len(), n_ended, engine.skew_ms()))
            .or(newer_version(engine, &rows)?),
    })
}

/// The hint that some data needs a newer version, here or at the relay. It is one line for all of it, with the lowest priority.
fn newer_version(engine: &Engine, rows: &[DocRow]) -> Result<Option<Message>, EngineError> {
    let version = ask::version(engine.conn())?;
    if rows.iter().any(|row| row.is_too_new_for(version)) {
        return Ok(Some(Message::new("sync-relay-older")));
    }
    let has_unknown = |row: &DocRow| row.kind.is_unknown() || row.access.is_unknown();
    let is_newer = rows.iter().any(has_unknown)
        || engine.membership().is_some_and(|member| member.identity.role.is_unknown())
        || newer::is_met(engine.conn())?;
    Ok(is_newer.then(|| Message::new("sync-newer")))
}

/// The notice about the documents, `n_kept` of which are of ended waves with `n_ended` results, or about a clock that is wrong by so much.
fn standing_trouble(rows: &[DocRow], n_kept: usize, n_ended: u32, skew_ms: i64) -> Option<Message> {
    let n_quarantined = rows.iter().filter(|row| row.trouble.is_quarantine()).count();
    // Before all else: a newer program may be rid of the rest, too.
    let n_outdated = rows.iter().filter(|row| row.trouble == Trouble::Outdated).count();
    if n_outdated > 0 {
        return Some(Message::new("sync-outdated").with("n", n_outdated));
    }
    let n_waiting = rows.iter().filter(|row| row.trouble == Trouble::Waits).count();
    if n_waiting > 0 && n_quarantined == 0 {
        return Some(Message::new("sync-waits").with("n", n_waiting));
    }
    if n_ended > 0 && n_kept == n_quarantined {
        return Some(Message::new("sync-wave-ended").with("n", n_ended));
    }
    let n_costly = rows.iter().filter(|row| row.trouble == Trouble::Costly).count();
    if n_costly > 0 {
        return Some(Message::new("sync-too-costly").with("n", n_costly));
    }
    if n_quarantined > 0 {
        return Some(Message::new("sync-quarantine").with("n", n_quarantined));
    }
    if skew_ms.abs() > WRONG_CLOCK_MS {
        let id = if skew_ms > 0 { "sync-clock-slow" } else { "sync-clock-fast" };
        return Some(Message::new(id).with("minutes", skew_ms.abs() / 60_000));
    }
    None
}
