//! Adds a note about a door or a voter.

use super::{check, sign};
use crate::engine::Engine;
use crate::error::EngineError;
use porchlight_model::calls::field::AddNote;
use porchlight_model::id::NoteId;
use porchlight_model::message::Message;

/// Adds a note.
///
/// # Errors
/// When it is empty or too long, or what it is about is in no turf that this device may write.
pub fn note(engine: &mut Engine, call: &AddNote) -> Result<(), EngineError> {
    let text = call.text.trim();
    if text.is_empty() {
        return Err(EngineError::bad_input(Message::new("error-note-empty")));
    }
    check::note_length(text)?;
    engine.write("add a note", |tx| {
        let me = tx.member()?.identity.clone();
        let turf = check::turf_about(tx.conn(), call.about)?;
        let at = tx.now();
        let note = NoteId::new(at.unsigned_ms(), tx.random());
        tx.edit(turf.doc, |edit| {
            sign::add_walker(edit, &me)?;
            sign::add_note(edit, &note.to_string(), call.about, text, &me, at)
        })
    })
}
