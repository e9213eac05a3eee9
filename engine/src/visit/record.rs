//! Records an attempt at one or several doors, with what was said and a note, as one change.

use super::{check, sign};
use crate::doc::turf_map;
use crate::engine::{Engine, Tx};
use crate::error::EngineError;
use automerge::ScalarValue;
use porchlight_model::calls::field::{Receipt, RecordVisit};
use porchlight_model::id::{DoorId, NoteId, ScriptId, VisitId};
use porchlight_model::member::Identity;
use porchlight_model::time::At;
use porchlight_model::visit::About;

/// Records a visit at each door; it is on this device's disk when this returns.
///
/// # Errors
/// When something about it is wrong, a door is in no turf that this device may write, or the storage fails: then nothing
/// of it is recorded.
pub fn record(engine: &mut Engine, call: &RecordVisit) -> Result<Receipt, EngineError> {
    check::shape(call)?;
    engine.write("record a visit", |tx| record_in(tx, call))
}

fn record_in(tx: &mut Tx<'_>, call: &RecordVisit) -> Result<Receipt, EngineError> {
    let membership = tx.member()?;
    let (me, campaign) = (membership.identity.clone(), membership.campaign_doc);
    let turf = check::turf_of_all(tx.conn(), &call.doors)?;
    if let (Some(voter), [door]) = (call.voter, call.doors.as_slice()) {
        check::lives_at(tx.conn(), voter, *door)?;
    }
    let script =
        if call.answers.is_empty() { None } else { Some(check::script_of(tx.conn(), campaign, &call.answers)?.id) };
    let at = tx.now();
    let visits: Vec<(VisitId, DoorId)> =
        call.doors.iter().map(|door| (VisitId::new(at.unsigned_ms(), tx.random()), *door)).collect();
    let note = NoteId::new(at.unsigned_ms(), tx.random());
    tx.edit(turf.doc, |edit| {
        sign::add_walker(edit, &me)?;
        for (visit, door) in &visits {
            edit.add(turf_map::VISITS, &visit.to_string(), fields(call, &me, at, *door, script))?;
        }
        if let (Some(voter), [(visit, _)]) = (call.voter, visits.as_slice())
            && !call.answers.is_empty()
        {
            let keys: Vec<String> = call.answers.keys().map(|question| format!("{voter}/{question}")).collect();
            let said = || keys.iter().map(String::as_str).zip(call.answers.values());
            edit.add(
                turf_map::ASKED,
                &visit.to_string(),
                said().map(|(key, value)| (key, ScalarValue::from(value.as_str()))),
            )?;
            said().try_for_each(|(key, value)| sign::put_answer(edit, key, value))?;
        }
        let text = call.note.trim();
        if let (false, Some((_, door))) = (text.is_empty(), visits.first()) {
            let thing = call.voter.map_or(About::Door(*door), About::Voter);
            sign::add_note(edit, &note.to_string(), thing, text, &me, at)?;
        }
        Ok(())
    })?;
    Ok(Receipt { visits: visits.into_iter().map(|(visit, _)| visit).collect(), at })
}

fn fields(call: &RecordVisit, me: &Identity, at: At, door: DoorId, script: Option<ScriptId>) -> Vec<sign::Field> {
    let mut fields = vec![
        ("door", sign::id(door.to_bytes())),
        ("device", sign::id(me.device.to_bytes())),
        ("how", ScalarValue::from(call.how.as_str())),
        ("result", ScalarValue::from(call.result.as_str())),
    ];
    fields.extend(sign::signature(me, at));
    fields.extend(call.voter.map(|voter| ("voter", sign::id(voter.to_bytes()))));
    fields.extend(script.map(|script| ("script", ScalarValue::from(script.to_string()))));
    fields
}
