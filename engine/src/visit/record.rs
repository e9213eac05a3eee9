//! Records an attempt at one or several doors, with answers and a note, as one act.

use super::{check, sign};
use crate::doc::{Edit, turf_map};
use crate::engine::{Engine, Tx};
use crate::error::EngineError;
use crate::store::field::own::{self, OwnVisit};
use crate::store::field::turfs::TurfRow;
use crate::store::field::visits;
use automerge::ScalarValue;
use porchlight_model::calls::visit::{Receipt, RecordVisit};
use porchlight_model::id::{DoorId, NoteId, QuestionId, ScriptId, VisitId};
use porchlight_model::member::Identity;
use porchlight_model::time::At;
use porchlight_model::visit::About;
use rusqlite::Connection;
use std::collections::BTreeMap;

/// The same act at the same door within this time, in milliseconds, is a double tap.
const TWICE_MS: i64 = 2000;

/// Records a visit at each door; it is on this device's disk when this returns. A repeated act within two seconds returns
/// the first receipt.
///
/// # Errors
/// When the call is invalid, this device may not write a door's turf, or the storage fails: then nothing
/// of it is recorded.
pub fn record(engine: &mut Engine, call: &RecordVisit) -> Result<Receipt, EngineError> {
    check::shape(call)?;
    engine.write("record a visit", |tx| record_in(tx, call))
}

/// [`record`], within a transaction; the caller has checked the call's shape.
pub(super) fn record_in(tx: &mut Tx<'_>, call: &RecordVisit) -> Result<Receipt, EngineError> {
    let membership = tx.member()?;
    let (me, campaign) = (membership.identity.clone(), membership.campaign_doc);
    let turf = check::turf_of_all(tx.conn(), &call.doors)?;
    if let (Some(voter), [door]) = (call.voter, call.doors.as_slice()) {
        check::lives_at(tx.conn(), voter, *door)?;
    }
    let at = tx.now();
    if let Some(receipt) = recorded_just_before(tx.conn(), &turf, &me, call, at)? {
        return Ok(receipt);
    }
    let script = if call.answers.is_empty() {
        None
    } else {
        Some(check::script_of(tx.conn(), campaign, &call.answers, call.script)?.id)
    };
    let visits: Vec<OwnVisit> = call
        .doors
        .iter()
        .map(|door| fact(call, VisitId::new(at.unsigned_ms(), tx.random()), *door, at, script))
        .collect();
    let note = NoteId::new(at.unsigned_ms(), tx.random());
    // A floor of many doors is several changes of one act, in one transaction.
    for (nth, some) in visits.chunks(check::MAX_DOORS_PER_CHANGE).enumerate() {
        let some = some.iter().map(|visit| Ok((visit, sign::listed(tx, visit)?)));
        let some: Vec<_> = some.collect::<Result<_, EngineError>>()?;
        tx.edit(turf.doc, |edit| {
            sign::add_walker(edit, &me)?;
            for (visit, listed) in &some {
                sign::add_visit(edit, visit.visit, visit, listed, &me)?;
            }
            if let (0, Some((first, _))) = (nth, some.first()) {
                put_said(edit, call, first)?;
                put_note(edit, call, first, note, &me)?;
            }
            Ok(())
        })?;
    }
    Ok(Receipt { visits: visits.into_iter().map(|visit| visit.visit).collect(), at })
}

const fn fact(call: &RecordVisit, visit: VisitId, door: DoorId, at: At, script: Option<ScriptId>) -> OwnVisit {
    OwnVisit {
        visit,
        door,
        voter: call.voter,
        at,
        how: call.how,
        result: call.result,
        script,
        is_retracted: false,
        retracted_at: None,
    }
}

fn put_said(edit: &mut Edit<'_>, call: &RecordVisit, visit: &OwnVisit) -> Result<(), EngineError> {
    let Some(voter) = call.voter.filter(|_| !call.answers.is_empty()) else { return Ok(()) };
    let keys: Vec<String> = call.answers.keys().map(|question| format!("{voter}/{question}")).collect();
    let said = || keys.iter().map(String::as_str).zip(call.answers.values());
    let values = said().map(|(key, value)| (key, ScalarValue::from(value.as_str())));
    edit.add(turf_map::ASKED, &visit.visit.to_string(), values)?;
    said().try_for_each(|(key, value)| sign::put_answer(edit, key, value))
}

fn put_note(
    edit: &mut Edit<'_>,
    call: &RecordVisit,
    visit: &OwnVisit,
    note: NoteId,
    me: &Identity,
) -> Result<(), EngineError> {
    let text = call.note.trim();
    if text.is_empty() {
        return Ok(());
    }
    let thing = call.voter.map_or(About::Door(visit.door), About::Voter);
    sign::add_note(edit, &note.to_string(), thing, text, me, visit.at)
}

/// The receipt of the same act, if this device has just recorded it and it stands: a double tap is one result.
fn recorded_just_before(
    conn: &Connection,
    turf: &TurfRow,
    me: &Identity,
    call: &RecordVisit,
    now: At,
) -> Result<Option<Receipt>, EngineError> {
    let Some(first) = call.doors.first() else { return Ok(None) };
    let since = now.plus_ms(-TWICE_MS);
    let same = |visit: &OwnVisit| (visit.voter, visit.how, visit.result) == (call.voter, call.how, call.result);
    let before = own::visits_at(conn, turf.doc, *first, me.device, since)?;
    let Some(before) = before.first().filter(|visit| visit.at <= now && same(visit)) else { return Ok(None) };
    let said: BTreeMap<QuestionId, String> =
        visits::said(conn, turf.doc, before.visit)?.into_iter().map(|(_, question, value)| (question, value)).collect();
    let note = call.note.trim();
    if said != call.answers || !(note.is_empty() || own::has_note(conn, turf.doc, me.member, before.at, note)?) {
        return Ok(None);
    }
    let mut visits = Vec::with_capacity(call.doors.len());
    for door in &call.doors {
        let here = own::visits_at(conn, turf.doc, *door, me.device, before.at)?;
        let Some(visit) = here.iter().find(|visit| visit.at == before.at && same(visit)) else { return Ok(None) };
        visits.push(visit.visit);
    }
    Ok(Some(Receipt { visits, at: before.at }))
}
