//! Opens a door: its residents, their answers, its history, and the questions to ask.

use super::history;
use crate::engine::Engine;
use crate::error::EngineError;
use crate::script::words::Versions;
use crate::store::field::standing::Standing;
use crate::store::field::turfs::TurfRow;
use crate::store::field::{doors, people, scripts, turfs};
use crate::walk::{Household, Layout, lay_out};
use porchlight_model::calls::door::{AnswerWords, DoorView, OpenDoor, VoterView};
use porchlight_model::id::{DocId, DoorId};
use porchlight_model::time::At;
use porchlight_model::visit::{About, Flag, PersonState};
use porchlight_model::voter::Voter;
use rusqlite::Connection;
use std::collections::{BTreeMap, BTreeSet};

/// Returns everything that is known about one door.
///
/// # Errors
/// When the door is in no turf of this device.
pub fn open(engine: &mut Engine, call: &OpenDoor) -> Result<DoorView, EngineError> {
    let campaign = engine.member()?.campaign_doc;
    let conn = engine.conn();
    let gone = || EngineError::not_found("error-door-gone");
    let turf = turfs::of_door(conn, call.door)?.ok_or_else(gone)?;
    let door = doors::get(conn, call.door)?.ok_or_else(gone)?;
    let standing = Standing::read(conn)?;
    let voters = voters(conn, campaign, (turf.doc, Some(&turf)), call.door, &standing.flags)?;
    let script = scripts::in_force(conn, campaign)?;
    let history = history::read(conn, campaign, call.door, &voters)?;
    let layout = lay_out(conn, turf, &standing)?;
    let laid = layout.doors.iter().find(|laid| laid.row.id == call.door).ok_or_else(gone)?;
    let next = next(&layout, call.door);
    Ok(DoorView {
        turf: layout.turf.turf,
        building: door.building.map_or(Ok(None), |building| doors::building(conn, building))?,
        state: laid.state,
        danger: laid.danger.clone(),
        flags: flags_of(&standing.flags, About::Door(call.door)),
        voters,
        history,
        script,
        next: next.map(|stop| layout.stops[stop].stop),
        next_number: next.map(|stop| layout.number_at(stop).to_owned()).unwrap_or_default(),
        door,
    })
}

/// Reads the residents of a door with their answers in one document, their flags, and their state in their turf. Without a turf,
/// nobody has answers.
pub(crate) fn voters(
    conn: &Connection,
    campaign: DocId,
    (doc, turf): (DocId, Option<&TurfRow>),
    door: DoorId,
    standing: &BTreeMap<About, BTreeSet<Flag>>,
) -> Result<Vec<VoterView>, EngineError> {
    let answers = people::answers(conn, doc, door)?;
    let versions = Versions::of(conn, campaign, &answers.iter().filter_map(|answer| answer.script).collect())?;
    let in_words = |answer: &people::AnswerRow| {
        let words = versions.words(answer.script, answer.question, &answer.value);
        AnswerWords { title: words.title, label: words.label }
    };
    let persons = Household::read(conn, turf, door, standing)?.persons();
    let view = |((voter, added_at), state): ((Voter, Option<At>), PersonState)| VoterView {
        is_added: added_at.is_some(),
        state,
        flags: flags_of(standing, About::Voter(voter.id)),
        answers: answers
            .iter()
            .filter(|answer| answer.voter == voter.id)
            .map(|answer| (answer.question, answer.value.clone()))
            .collect(),
        words: answers
            .iter()
            .filter(|answer| answer.voter == voter.id)
            .map(|answer| (answer.question, in_words(answer)))
            .collect(),
        in_conflict: answers
            .iter()
            .filter(|answer| answer.voter == voter.id && answer.is_conflict)
            .map(|answer| answer.question)
            .collect(),
        voter,
    };
    Ok(people::of_door(conn, door)?.into_iter().zip(persons).map(view).collect())
}

fn flags_of(standing: &BTreeMap<About, BTreeSet<Flag>>, about: About) -> Vec<Flag> {
    standing.get(&about).into_iter().flatten().copied().collect()
}

/// The next stop: the building itself while another of its units is to do, else the stop after it.
fn next(layout: &Layout, door: DoorId) -> Option<usize> {
    let here = layout.stop_of(door)?;
    let is_more_here = layout.doors_at(&layout.stops[here]).any(|other| other.row.id != door && other.is_to_do());
    if is_more_here { Some(here) } else { layout.next_after(here) }
}
