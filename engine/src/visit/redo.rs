//! Records again what was taken back by mistake: as it was, with its own time and answers.

use super::{check, sign};
use crate::doc::turf_map;
use crate::engine::{Engine, Tx};
use crate::error::EngineError;
use crate::store::field::own::{self, OwnVisit};
use crate::store::field::visits;
use crate::store::waves;
use automerge::ScalarValue;
use porchlight_model::calls::field::{Receipt, Redo};
use porchlight_model::id::{DocId, QuestionId, VisitId, VoterId};
use porchlight_model::message::Message;
use std::collections::BTreeMap;

/// A visit that is recorded again, with what was said at it.
struct Again {
    visit: VisitId,
    before: OwnVisit,
    said: Vec<(VoterId, QuestionId, String)>,
}

/// Records visits of this member again that were taken back. Those that stand are left alone.
///
/// # Errors
/// When a visit is another member's or not on this device; then none is recorded.
pub fn redo(engine: &mut Engine, call: &Redo) -> Result<Receipt, EngineError> {
    engine.write("record a visit again", |tx| {
        let mut by_doc: BTreeMap<DocId, Vec<Again>> = BTreeMap::new();
        for visit in &call.visits {
            if let Some((doc, again)) = again(tx, *visit)? {
                by_doc.entry(doc).or_default().push(again);
            }
        }
        let at = tx.now();
        let mut visits = Vec::new();
        for (doc, all) in by_doc {
            for some in all.chunks(check::MAX_DOORS_PER_CHANGE) {
                redo_in(tx, doc, some)?;
            }
            visits.extend(all.iter().map(|again| again.visit));
        }
        Ok(Receipt { visits, at })
    })
}

fn again(tx: &mut Tx<'_>, visit: VisitId) -> Result<Option<(DocId, Again)>, EngineError> {
    let gone = || EngineError::not_found("error-visit-gone");
    let owner = visits::owner(tx.conn(), visit)?.ok_or_else(gone)?;
    if owner.by != tx.member()?.identity.member {
        return Err(EngineError::bad_input(Message::new("error-undo-not-yours")));
    }
    check::turf_of(tx.conn(), owner.door)?;
    if waves::has_ended(tx.conn(), owner.doc)? {
        return Err(EngineError::bad_input(Message::new("error-wave-ended")));
    }
    if !owner.is_retracted {
        return Ok(None);
    }
    let before = own::visit_of(tx.conn(), owner.doc, visit)?.ok_or_else(gone)?;
    let said = visits::said(tx.conn(), owner.doc, visit)?;
    let visit = VisitId::new(tx.now().unsigned_ms(), tx.random());
    Ok(Some((owner.doc, Again { visit, before, said })))
}

fn redo_in(tx: &mut Tx<'_>, doc: DocId, all: &[Again]) -> Result<(), EngineError> {
    let me = tx.member()?.identity.clone();
    tx.edit(doc, |edit| {
        for Again { visit, before, said } in all {
            edit.add(turf_map::VISITS, &visit.to_string(), sign::visit(before, &me))?;
            if said.is_empty() {
                continue;
            }
            let keys: Vec<String> = said.iter().map(|(voter, question, _)| format!("{voter}/{question}")).collect();
            let values = said.iter().map(|(_, _, value)| ScalarValue::from(value.as_str()));
            edit.add(turf_map::ASKED, &visit.to_string(), keys.iter().map(String::as_str).zip(values))?;
            for (key, (_, _, value)) in keys.iter().zip(said) {
                sign::put_answer(edit, key, value)?;
            }
        }
        Ok(())
    })
}
