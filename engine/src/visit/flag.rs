//! Sets or lifts a flag. Each time adds an entry, and the newest counts. A danger is set together with its reason.

use super::{check, sign};
use crate::doc::turf_map;
use crate::engine::{Engine, Tx};
use crate::error::EngineError;
use crate::store::field::{dangers, flags};
use automerge::ScalarValue;
use porchlight_model::calls::visit::{ReportDanger, SetFlag};
use porchlight_model::id::{DocId, NoteId};
use porchlight_model::time::At;
use porchlight_model::visit::{About, Flag};

/// Sets or lifts a flag; nothing is written if it is in that state already.
///
/// The entry is dated after the newest known one, so that it also takes effect from a phone whose clock is slow.
///
/// # Errors
/// When this device may not write the turf of what it is about.
pub fn flag(engine: &mut Engine, call: &SetFlag) -> Result<(), EngineError> {
    engine.write("set a flag", |tx| {
        let newest = flags::newest(tx.conn(), call.about, call.flag)?;
        if newest.is_some_and(|(_, is_set)| is_set) == call.is_set {
            check::turf_about(tx.conn(), call.about)?;
            return Ok(());
        }
        if call.flag == Flag::Danger && call.is_set {
            // A danger that was lifted by mistake is set again with the reason that was taken back.
            let reason = dangers::lifted_reason(tx.conn(), call.about, tx.member()?.identity.member)?;
            return put(tx, call, newest, &reason.unwrap_or_default());
        }
        put(tx, call, newest, "")
    })
}

/// Flags a danger with its reason: flag and note are one change, by which the reason is found again. An existing danger is flagged
/// again with the newer reason.
///
/// # Errors
/// When the reason is too long, or this device may not write the turf of what it is about.
pub fn report_danger(engine: &mut Engine, call: &ReportDanger) -> Result<(), EngineError> {
    engine.write("report a danger", |tx| report_danger_in(tx, call))
}

/// [`report_danger`], within a transaction.
pub(super) fn report_danger_in(tx: &mut Tx<'_>, call: &ReportDanger) -> Result<(), EngineError> {
    check::note_length(&call.reason)?;
    let newest = flags::newest(tx.conn(), call.about, Flag::Danger)?;
    put(tx, &SetFlag { about: call.about, flag: Flag::Danger, is_set: true }, newest, call.reason.trim())
}

fn put(tx: &mut Tx<'_>, call: &SetFlag, newest: Option<(At, bool)>, note: &str) -> Result<(), EngineError> {
    let me = tx.member()?.identity.clone();
    let turf = check::turf_about(tx.conn(), call.about)?;
    let at = newest.map_or(tx.now(), |(before, _)| tx.now().max(before.plus_ms(1)));
    let id = NoteId::new(at.unsigned_ms(), tx.random());
    let about: About = call.about;
    let noted = NoteId::new(at.unsigned_ms(), tx.random());
    let taken_back =
        if call.flag == Flag::Danger && !call.is_set { own_reason(tx, call.about, turf.doc)? } else { None };
    tx.edit(turf.doc, |edit| {
        sign::add_walker(edit, &me)?;
        if let Some(note) = taken_back {
            edit.add(turf_map::RETRACTED, &note.to_string(), sign::signature(&me, at))?;
        }
        let fields = [
            sign::about(about),
            ("flag", ScalarValue::from(call.flag.as_str())),
            ("is_set", ScalarValue::Boolean(call.is_set)),
        ];
        edit.add(turf_map::FLAGS, &id.to_string(), fields.into_iter().chain(sign::signature(&me, at)))?;
        if note.is_empty() { Ok(()) } else { sign::add_note(edit, &noted.to_string(), about, note, &me, at) }
    })
}

/// The note with a danger's reason, if this member wrote it: lifting the danger then takes the note back.
fn own_reason(tx: &Tx<'_>, thing: About, doc: DocId) -> Result<Option<NoteId>, EngineError> {
    let by = tx.member()?.identity.member;
    let danger = dangers::standing_of(tx.conn(), doc)?.remove(&thing);
    Ok(danger.filter(|danger| danger.by == by).and_then(|danger| danger.note))
}
