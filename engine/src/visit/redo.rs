//! Redoes visits that were taken back by mistake, with their original time, answers and note.

use super::{check, sign};
use crate::doc::turf_map;
use crate::engine::{Engine, Tx};
use crate::error::EngineError;
use crate::store::field::own::{self, OwnVisit};
use crate::store::field::{notes, visits};
use crate::store::waves;
use automerge::ScalarValue;
use porchlight_model::calls::visit::{Receipt, Redo};
use porchlight_model::id::{DocId, NoteId, QuestionId, VisitId, VoterId};
use porchlight_model::message::Message;
use porchlight_model::time::At;
use porchlight_model::visit::About;
use std::collections::BTreeMap;

/// A visit to redo, with its answers and the marks that belong to it.
struct Again {
    visit: VisitId,
    before: OwnVisit,
    /// The answers; the flag says whether it becomes the current answer, because there is no newer one.
    said: Vec<(VoterId, QuestionId, String, bool)>,
    listed: Vec<(NoteId, VoterId)>,
    /// The notes that were taken back with it, each with its new id.
    notes: Vec<(NoteId, String)>,
}

/// How one visit is handled.
enum Step {
    /// It stands already, under this id.
    Stands(VisitId),
    /// It is recorded again in this document.
    Again(DocId, Box<Again>),
}

/// Redoes visits of this member that were taken back, with their original times, and with their answers where nobody gave a
/// newer one. Visits that stand, or were redone already, are unchanged; the receipt names all that stand.
///
/// # Errors
/// When a visit is another member's or not on this device; then nothing is recorded.
pub fn redo(engine: &mut Engine, call: &Redo) -> Result<Receipt, EngineError> {
    engine.write("record a visit again", |tx| {
        let mut by_doc: BTreeMap<DocId, Vec<Again>> = BTreeMap::new();
        let mut receipt = Receipt { visits: Vec::new(), at: At(0) };
        for visit in &call.visits {
            let (at, step) = step(tx, *visit)?;
            receipt.at = receipt.at.max(at);
            match step {
                Step::Stands(visit) => receipt.visits.push(visit),
                Step::Again(doc, again) => {
                    receipt.visits.push(again.visit);
                    by_doc.entry(doc).or_default().push(*again);
                }
            }
        }
        for (doc, all) in by_doc {
            for some in all.chunks(check::MAX_DOORS_PER_CHANGE) {
                redo_in(tx, doc, some)?;
            }
        }
        Ok(receipt)
    })
}

/// Decides how a visit is handled; also returns its time.
fn step(tx: &mut Tx<'_>, visit: VisitId) -> Result<(At, Step), EngineError> {
    let gone = || EngineError::not_found("error-visit-gone");
    let owner = visits::owner(tx.conn(), visit)?.ok_or_else(gone)?;
    let member = tx.member()?.identity.member;
    if owner.by != member {
        return Err(EngineError::bad_input(Message::new("error-undo-not-yours")));
    }
    check::turf_of(tx.conn(), owner.door)?;
    if waves::has_ended(tx.conn(), owner.doc)? {
        return Err(EngineError::bad_input(Message::new("error-wave-ended")));
    }
    let before = own::visit_of(tx.conn(), owner.doc, visit)?.ok_or_else(gone)?;
    let at = before.at;
    if !owner.is_retracted {
        return Ok((at, Step::Stands(visit)));
    }
    if let Some(stands) = own::same_that_stands(tx.conn(), owner.doc, member, &before)? {
        return Ok((at, Step::Stands(stands)));
    }
    let mut said = Vec::new();
    for (voter, question, value) in visits::said(tx.conn(), owner.doc, visit)? {
        let is_newest = !visits::is_answered_since(tx.conn(), owner.doc, (voter, question), at)?;
        said.push((voter, question, value, is_newest));
    }
    let listed = sign::listed(tx, &before)?;
    let mut notes = Vec::new();
    for text in notes::taken_back_with(tx.conn(), owner.doc, visit, before.retracted_at.unwrap_or(at))? {
        notes.push((NoteId::new(tx.now().unsigned_ms(), tx.random()), text));
    }
    let visit = VisitId::new(tx.now().unsigned_ms(), tx.random());
    Ok((at, Step::Again(owner.doc, Box::new(Again { visit, before, said, listed, notes }))))
}

fn redo_in(tx: &mut Tx<'_>, doc: DocId, all: &[Again]) -> Result<(), EngineError> {
    let me = tx.member()?.identity.clone();
    tx.edit(doc, |edit| {
        for Again { visit, before, said, listed, notes } in all {
            sign::add_visit(edit, *visit, before, listed, &me)?;
            let about = before.voter.map_or(About::Door(before.door), About::Voter);
            for (note, text) in notes {
                sign::add_note(edit, &note.to_string(), about, text, &me, before.at)?;
            }
            if said.is_empty() {
                continue;
            }
            let keys: Vec<String> = said.iter().map(|(voter, question, ..)| format!("{voter}/{question}")).collect();
            let values = said.iter().map(|(_, _, value, _)| ScalarValue::from(value.as_str()));
            edit.add(turf_map::ASKED, &visit.to_string(), keys.iter().map(String::as_str).zip(values))?;
            for (key, (_, _, value, _)) in keys.iter().zip(said).filter(|(_, (.., is_newest))| *is_newest) {
                sign::put_answer(edit, key, value)?;
            }
        }
        Ok(())
    })
}
