//! Sets or lifts a flag: each time is an entry of its own, and the newest counts.

use super::{check, sign};
use crate::doc::turf_map;
use crate::engine::Engine;
use crate::error::EngineError;
use crate::store::field::flags;
use automerge::ScalarValue;
use porchlight_model::calls::field::SetFlag;
use porchlight_model::id::NoteId;

/// Sets or lifts a flag; nothing is written when it stands as asked.
///
/// The entry is dated after the newest one known, so that a phone whose clock is slow has the last word on what it saw.
///
/// # Errors
/// When what it is about is in no turf that this device may write.
pub fn flag(engine: &mut Engine, call: &SetFlag) -> Result<(), EngineError> {
    engine.write("set a flag", |tx| {
        let me = tx.member()?.identity.clone();
        let turf = check::turf_about(tx.conn(), call.about)?;
        let newest = flags::newest(tx.conn(), call.about, call.flag)?;
        if newest.is_some_and(|(_, is_set)| is_set) == call.is_set {
            return Ok(());
        }
        let at = newest.map_or(tx.now(), |(before, _)| tx.now().max(before.plus_ms(1)));
        let id = NoteId::new(at.unsigned_ms(), tx.random());
        tx.edit(turf.doc, |edit| {
            sign::add_walker(edit, &me)?;
            let fields = [
                sign::about(call.about),
                ("flag", ScalarValue::from(call.flag.as_str())),
                ("is_set", ScalarValue::Boolean(call.is_set)),
            ];
            edit.add(turf_map::FLAGS, &id.to_string(), fields.into_iter().chain(sign::signature(&me, at)))
        })
    })
}
