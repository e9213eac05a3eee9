//! Takes visits back: they stay in the record as retracted, with the notes that were written with them, and their answers return to what
//! they were.

use super::{check, sign};
use crate::doc::{Edit, turf_map};
use crate::engine::{Engine, Tx};
use crate::error::EngineError;
use crate::store::field::{notes, visits};
use crate::store::waves;
use porchlight_model::calls::visit::Undo;
use porchlight_model::id::{DocId, QuestionId, VisitId, VoterId};
use porchlight_model::message::Message;
use rusqlite::Connection;
use std::collections::{BTreeMap, BTreeSet};

/// The undoing of one answer: the values from the retracted visits, and those that other visits still give,
/// the latest first.
struct Undone {
    voter: VoterId,
    question: QuestionId,
    retracted: BTreeSet<String>,
    standing: Vec<String>,
}

/// Takes back visits of this member, as one act. Those that were taken back already are unchanged.
///
/// # Errors
/// When a visit is another member's or not on this device; then nothing is taken back.
pub fn undo(engine: &mut Engine, call: &Undo) -> Result<(), EngineError> {
    engine.write("undo a visit", |tx| {
        let mut by_doc: BTreeMap<DocId, BTreeSet<VisitId>> = BTreeMap::new();
        for visit in &call.visits {
            if let Some(doc) = doc_of(tx, *visit)? {
                by_doc.entry(doc).or_default().insert(*visit);
            }
        }
        for (doc, visits) in by_doc {
            let visits: Vec<VisitId> = visits.into_iter().collect();
            for some in visits.chunks(check::MAX_DOORS_PER_CHANGE) {
                undo_in(tx, doc, &some.iter().copied().collect())?;
            }
        }
        Ok(())
    })
}

/// The document of a visit that may be taken back; `None` if it already was.
fn doc_of(tx: &Tx<'_>, visit: VisitId) -> Result<Option<DocId>, EngineError> {
    let owner = visits::owner(tx.conn(), visit)?.ok_or_else(|| EngineError::not_found("error-visit-gone"))?;
    if owner.by != tx.member()?.identity.member {
        return Err(EngineError::bad_input(Message::new("error-undo-not-yours")));
    }
    check::turf_of(tx.conn(), owner.door)?;
    if waves::has_ended(tx.conn(), owner.doc)? {
        return Err(EngineError::bad_input(Message::new("error-wave-ended")));
    }
    Ok((!owner.is_retracted).then_some(owner.doc))
}

fn undo_in(tx: &mut Tx<'_>, doc: DocId, visits: &BTreeSet<VisitId>) -> Result<(), EngineError> {
    let me = tx.member()?.identity.clone();
    let at = tx.now();
    let undone = undone(tx.conn(), doc, visits)?;
    let notes = visits.iter().map(|visit| notes::of_visit(tx.conn(), doc, *visit));
    let notes: Vec<_> = notes.collect::<Result<Vec<_>, _>>()?.concat();
    tx.edit(doc, |edit| {
        for visit in visits {
            edit.add(turf_map::RETRACTED, &visit.to_string(), sign::signature(&me, at))?;
        }
        for note in notes {
            edit.add(turf_map::RETRACTED, &note.to_string(), sign::signature(&me, at))?;
        }
        undone.iter().try_for_each(|undone| put_back(edit, undone))
    })
}

fn undone(conn: &Connection, doc: DocId, retracted: &BTreeSet<VisitId>) -> Result<Vec<Undone>, EngineError> {
    let mut said: BTreeMap<(VoterId, QuestionId), BTreeSet<String>> = BTreeMap::new();
    for visit in retracted {
        for (voter, question, value) in visits::said(conn, doc, *visit)? {
            said.entry((voter, question)).or_default().insert(value);
        }
    }
    said.into_iter()
        .map(|((voter, question), values)| {
            let standing = visits::standing_answers(conn, doc, voter, question)?;
            let standing = standing.into_iter().filter(|(visit, _)| !retracted.contains(visit));
            let standing = standing.map(|(_, value)| value).collect();
            Ok(Undone { voter, question, retracted: values, standing })
        })
        .collect()
}

/// Restores an answer: to the only other value that is present beside the retracted ones, or else to what
/// the latest standing visit says, or else to none. If the retracted value is not present, or several others are and
/// wait for a coordinator, the answer is unchanged.
fn put_back(edit: &mut Edit<'_>, undone: &Undone) -> Result<(), EngineError> {
    let key = format!("{}/{}", undone.voter, undone.question);
    let present: BTreeSet<String> = edit.values(turf_map::ANSWERS, &key)?.into_iter().collect();
    if present.is_disjoint(&undone.retracted) {
        return Ok(());
    }
    let is_standing = |value: &&String| !undone.retracted.contains(*value) || undone.standing.contains(*value);
    let others: Vec<&String> = present.iter().filter(is_standing).collect();
    match (others.as_slice(), undone.standing.first()) {
        ([_, _, ..], _) => Ok(()),
        ([_], _) if present.len() == 1 => Ok(()),
        ([other], _) => sign::put_answer(edit, &key, other),
        ([], Some(latest)) => sign::put_answer(edit, &key, latest),
        ([], None) => edit.remove(turf_map::ANSWERS, &key),
    }
}
