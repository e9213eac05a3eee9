//! Adds, rewrites or removes a note about a door or a voter.

use super::{check, sign};
use crate::doc::turf_map;
use crate::engine::{Engine, Tx};
use crate::error::EngineError;
use crate::store::field::notes;
use crate::store::waves;
use porchlight_model::calls::visit::{AddNote, EditNote};
use porchlight_model::id::NoteId;
use porchlight_model::message::Message;

/// Adds a note.
///
/// # Errors
/// When it is empty or too long, or this device may not write the turf of what it is about.
pub fn note(engine: &mut Engine, call: &AddNote) -> Result<(), EngineError> {
    engine.write("add a note", |tx| note_in(tx, call, None))
}

/// [`note`], within a transaction, under an id that the caller may choose; nothing is written if a note with it exists.
pub(super) fn note_in(tx: &mut Tx<'_>, call: &AddNote, id: Option<NoteId>) -> Result<(), EngineError> {
    let text = checked(&call.text)?;
    let me = tx.member()?.identity.clone();
    let turf = check::turf_about(tx.conn(), call.about)?;
    if id.map_or(Ok(false), |id| notes::is_here(tx.conn(), id))? {
        return Ok(());
    }
    let at = tx.now();
    let note = id.unwrap_or(NoteId::new(at.unsigned_ms(), tx.random()));
    tx.edit(turf.doc, |edit| {
        sign::add_walker(edit, &me)?;
        sign::add_note(edit, &note.to_string(), call.about, text, &me, at)
    })
}

/// Rewrites a note of this member, or removes it if the text is empty. The note is taken back and a new one replaces it.
///
/// # Errors
/// When the note is another member's or is not here, or the text is too long.
pub fn edit(engine: &mut Engine, call: &EditNote) -> Result<(), EngineError> {
    engine.write("edit a note", |tx| edit_in(tx, call))
}

/// [`edit`], within a transaction.
pub(super) fn edit_in(tx: &mut Tx<'_>, call: &EditNote) -> Result<(), EngineError> {
    let text = call.text.trim();
    check::note_length(text)?;
    let me = tx.member()?.identity.clone();
    let owner = notes::owner(tx.conn(), call.note)?.ok_or_else(|| EngineError::not_found("error-note-gone"))?;
    if owner.by != me.member {
        return Err(EngineError::bad_input(Message::new("error-note-not-yours")));
    }
    if waves::has_ended(tx.conn(), owner.doc)? {
        return Err(EngineError::bad_input(Message::new("error-wave-ended")));
    }
    check::turf_about(tx.conn(), owner.about)?;
    let at = tx.now();
    let other = NoteId::new(at.unsigned_ms(), tx.random());
    tx.edit(owner.doc, |edit| {
        edit.add(turf_map::RETRACTED, &call.note.to_string(), sign::signature(&me, at))?;
        if text.is_empty() { Ok(()) } else { sign::add_note(edit, &other.to_string(), owner.about, text, &me, at) }
    })
}

fn checked(text: &str) -> Result<&str, EngineError> {
    let text = text.trim();
    if text.is_empty() {
        return Err(EngineError::bad_input(Message::new("error-note-empty")));
    }
    check::note_length(text)?;
    Ok(text)
}
