//! Drafts: stores what was typed or chosen until it is recorded, which removes the draft in the same transaction.

use super::{add_person, check, flag, note, record};
use crate::answer::{Answer, local};
use crate::engine::{Engine, Tx};
use crate::error::EngineError;
use crate::handle::EngineHandle;
use crate::script;
use crate::store::drafts;
use porchlight_model::calls::Topic;
use porchlight_model::calls::draft::DraftCall;
use porchlight_model::calls::draft::{
    Act, DiscardDraft, Draft, FinishDraft, Finished, GetDraft, ListDrafts, MAX_DRAFT_BYTES, MAX_DRAFT_KEY_CHARS,
    MAX_DRAFTS, PutDraft,
};
use porchlight_model::grant;
use porchlight_model::id::{NoteId, VoterId};
use porchlight_model::message::Message;

/// Answers the calls about drafts.
pub(crate) fn answer(handle: &EngineHandle, call: DraftCall) -> Answer {
    match call {
        DraftCall::PutDraft(call) => local(handle, &call, put),
        DraftCall::GetDraft(call) => local(handle, &call, get),
        DraftCall::ListDrafts(call) => local(handle, &call, list),
        DraftCall::DiscardDraft(call) => local(handle, &call, discard),
        DraftCall::FinishDraft(call) => local(handle, &call, finish),
    }
}

/// Stores a draft; it is on disk when this returns.
///
/// # Errors
/// When it has no key or is too large, there are too many, or the storage fails.
pub fn put(engine: &mut Engine, call: &PutDraft) -> Result<(), EngineError> {
    if call.key.is_empty() || call.key.chars().count() > MAX_DRAFT_KEY_CHARS {
        return Err(EngineError::bad_input(Message::new("error-draft-key").with("max", MAX_DRAFT_KEY_CHARS)));
    }
    if call.body.len() > MAX_DRAFT_BYTES {
        return Err(EngineError::bad_input(Message::new("error-draft-too-long").with("max", MAX_DRAFT_BYTES / 1024)));
    }
    engine.member()?;
    engine.write("keep a draft", |tx| {
        if drafts::get(tx.conn(), &call.key)?.is_none() && drafts::count(tx.conn())? >= MAX_DRAFTS {
            return Err(EngineError::bad_input(Message::new("error-draft-too-many").with("max", MAX_DRAFTS)));
        }
        drafts::put(tx.conn(), call, tx.now())?;
        tx.touch(Topic::Drafts);
        Ok(())
    })
}

/// Returns one draft.
///
/// # Errors
/// When the database fails.
pub fn get(engine: &mut Engine, call: &GetDraft) -> Result<Option<Draft>, EngineError> {
    drafts::get(engine.conn(), &call.key)
}

/// Lists drafts, newest first.
///
/// # Errors
/// When the database fails.
pub fn list(engine: &mut Engine, call: &ListDrafts) -> Result<Vec<Draft>, EngineError> {
    drafts::list(engine.conn(), call.door)
}

/// Removes a draft.
///
/// # Errors
/// When the database fails.
pub fn discard(engine: &mut Engine, call: &DiscardDraft) -> Result<(), EngineError> {
    engine.write("discard a draft", |tx| remove(tx, &call.key))
}

/// Carries out a draft and removes it: both are on this device's disk when this returns, or neither is.
///
/// # Errors
/// Those of the act; the draft is then kept.
pub fn finish(engine: &mut Engine, call: &FinishDraft) -> Result<Finished, EngineError> {
    engine.write("finish a draft", |tx| {
        let finished = act(tx, &call.act, call.makes)?;
        remove(tx, &call.key)?;
        Ok(finished)
    })
}

fn act(tx: &mut Tx<'_>, act: &Act, makes: Option<NoteId>) -> Result<Finished, EngineError> {
    Ok(match act {
        Act::Visit(call) => {
            check::shape(call)?;
            Finished::Visit(record::record_in(tx, call)?)
        }
        Act::Note(call) => done(note::note_in(tx, call, makes)?),
        Act::Rewrite(call) => done(note::edit_in(tx, call)?),
        Act::Danger(call) => done(flag::report_danger_in(tx, call)?),
        Act::Person(call) => {
            Finished::Person(add_person::add_person_in(tx, call, makes.map(|id| VoterId::from_bytes(id.to_bytes())))?)
        }
        Act::Script(call) => {
            // Checked here because the dispatcher permits drafts to everyone, but not everyone may write the script.
            if !tx.member()?.identity.role.may(grant::Act::WriteScript) {
                return Err(EngineError::not_allowed(grant::Act::WriteScript));
            }
            done(script::save_in(tx, call)?)
        }
    })
}

const fn done((): ()) -> Finished {
    Finished::Done
}

fn remove(tx: &mut Tx<'_>, key: &str) -> Result<(), EngineError> {
    if drafts::remove(tx.conn(), key)? {
        tx.touch(Topic::Drafts);
    }
    Ok(())
}
