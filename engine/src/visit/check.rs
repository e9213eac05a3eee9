//! Checks an act before anything of it is written.

use crate::error::EngineError;
use crate::store::field::scripts;
use crate::store::field::turfs::{self, TurfRow};
use crate::store::roll;
use porchlight_model::calls::visit::RecordVisit;
use porchlight_model::id::{DocId, DoorId, QuestionId, ScriptId, VoterId};
use porchlight_model::message::Message;
use porchlight_model::script::Script;
use porchlight_model::visit::{About, MAX_NOTE_CHARS};
use porchlight_model::wire::Access;
use rusqlite::Connection;
use std::collections::{BTreeMap, BTreeSet};

/// The maximum number of doors in one change: about 200 bytes each, far below [`porchlight_model::wire::MAX_CHANGE_BYTES`]. An act at more
/// doors is several changes.
pub(super) const MAX_DOORS_PER_CHANGE: usize = 100;

/// Checks what depends on the call alone.
pub(super) fn shape(call: &RecordVisit) -> Result<(), EngineError> {
    let distinct: BTreeSet<DoorId> = call.doors.iter().copied().collect();
    if call.doors.is_empty() || distinct.len() < call.doors.len() {
        return Err(bad(Message::new("error-visit-doors")));
    }
    if call.voter.is_some() && call.doors.len() > 1 {
        return Err(bad(Message::new("error-visit-voter-one-door")));
    }
    if call.voter.is_none() && !call.answers.is_empty() {
        return Err(bad(Message::new("error-visit-answers-voter")));
    }
    note_length(&call.note)
}

/// Checks a note's length; it may be empty.
pub(super) fn note_length(text: &str) -> Result<(), EngineError> {
    if text.trim().chars().count() > MAX_NOTE_CHARS {
        return Err(bad(Message::new("error-note-too-long").with("max", MAX_NOTE_CHARS)));
    }
    Ok(())
}

/// The turf of a door, which this device must be allowed to write.
pub(super) fn turf_of(conn: &Connection, door: DoorId) -> Result<TurfRow, EngineError> {
    let turf = turfs::of_door(conn, door)?.ok_or_else(|| EngineError::not_found("error-door-gone"))?;
    match turf.access {
        Access::Write if turf.is_ended => Err(bad(Message::new("error-wave-ended"))),
        Access::Write => Ok(turf),
        Access::Read => Err(bad(Message::new("error-turf-read-only"))),
        Access::HandIn => Err(bad(Message::new("error-turf-taken-back"))),
        Access::Unknown(_) => Err(bad(Message::new("error-turf-newer"))),
    }
}

/// The one turf of all `doors`, which this device must be allowed to write.
pub(super) fn turf_of_all(conn: &Connection, doors: &[DoorId]) -> Result<TurfRow, EngineError> {
    let Some((first, others)) = doors.split_first() else {
        return Err(bad(Message::new("error-visit-doors")));
    };
    let turf = turf_of(conn, *first)?;
    for door in others {
        if !turfs::has_door(conn, turf.turf, *door)? {
            return Err(bad(Message::new("error-visit-two-turf")));
        }
    }
    Ok(turf)
}

/// The turf of what a note or flag is about, which this device must be allowed to write.
pub(super) fn turf_about(conn: &Connection, about: About) -> Result<TurfRow, EngineError> {
    match about {
        About::Door(door) => turf_of(conn, door),
        About::Voter(voter) => turf_of(conn, door_of(conn, voter)?),
    }
}

/// Checks that a voter lives at a door, or did when the talk began: a newer voter file may have removed them meanwhile.
pub(super) fn lives_at(conn: &Connection, voter: VoterId, door: DoorId) -> Result<(), EngineError> {
    if roll::has_left(conn, voter, door)? || door_of(conn, voter)? == door {
        Ok(())
    } else {
        Err(EngineError::not_found("error-voter-gone"))
    }
}

fn door_of(conn: &Connection, voter: VoterId) -> Result<DoorId, EngineError> {
    let door = turfs::door_of_voter(conn, voter)?.map_or_else(|| roll::left(conn, voter), |door| Ok(Some(door)))?;
    door.ok_or_else(|| EngineError::not_found("error-voter-gone"))
}

/// The script version of these answers: the one `shown` on the canvasser's screen, if this device has it and it has
/// all of them, because a new version may arrive during a talk. Otherwise it is the one in force, or the newest that has all of them, so that no
/// answer is lost.
pub(super) fn script_of(
    conn: &Connection,
    campaign: DocId,
    answers: &BTreeMap<QuestionId, String>,
    shown: Option<ScriptId>,
) -> Result<Script, EngineError> {
    if let Some(shown) = shown
        && let Some(script) = scripts::version(conn, campaign, shown)?
        && has_all(&script, answers)
    {
        return Ok(script);
    }
    let in_force = scripts::in_force(conn, campaign)?;
    if let Some(script) = in_force
        && has_all(&script, answers)
    {
        return Ok(script);
    }
    for id in scripts::versions(conn, campaign)? {
        if let Some(script) = scripts::version(conn, campaign, id)?
            && has_all(&script, answers)
        {
            return Ok(script);
        }
    }
    Err(bad(Message::new("error-visit-answer-unknown")))
}

fn has_all(script: &Script, answers: &BTreeMap<QuestionId, String>) -> bool {
    answers.iter().all(|(question, value)| {
        script.question(*question).is_some_and(|question| question.options.iter().any(|option| option.value == *value))
    })
}

fn bad(message: Message) -> EngineError {
    EngineError::bad_input(message)
}
