//! This member's last acts on a turf, with those that they took back since.

use crate::engine::Engine;
use crate::error::EngineError;
use crate::store::field::added::{self, Added};
use crate::store::field::own::{self, OwnFlag, OwnVisit};
use crate::store::field::{doors, people, turfs};
use porchlight_model::calls::visit::{OwnAct, OwnActs, OwnActsView, OwnWhat, SetFlag};
use porchlight_model::id::{DoorId, VoterId};
use porchlight_model::time::At;
use porchlight_model::visit::About;
use rusqlite::Connection;
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// A pause at least this long, in milliseconds, ends a shift.
const SHIFT_PAUSE_MS: i64 = 6 * 60 * 60 * 1000;

/// How many standing acts are returned: the last and the one before it.
const N_TOLD: usize = 2;

/// An act, before the names of its door and person are looked up.
struct Act {
    at: At,
    /// When it was taken back, if it was.
    back_at: Option<At>,
    about: About,
    what: OwnWhat,
}

/// Returns the last acts of this member's shift on a turf.
///
/// # Errors
/// When the turf is not on this device.
pub fn own(engine: &mut Engine, call: &OwnActs) -> Result<OwnActsView, EngineError> {
    let (now, member) = (engine.now(), engine.member()?.identity.member);
    let conn = engine.conn();
    let turf = turfs::get(conn, call.turf)?.ok_or_else(|| EngineError::not_found("error-turf-gone"))?;
    let visits = of_shift(own::visits(conn, turf.doc, member)?, now);
    let flags = own::flags(conn, turf.doc, member)?;
    // Acts shortly before the first visit also belong to the shift.
    let since = visits.last().map_or(now, |first| first.at).plus_ms(-SHIFT_PAUSE_MS);
    let flags: Vec<OwnFlag> = flags.into_iter().filter(|flag| flag.at >= since).collect();
    let people = added::by_member(conn, turf.doc, member)?;
    let people: Vec<Added> = people.into_iter().filter(|person| person.at >= since && !person.has_record).collect();
    let mut standing: Vec<Act> = acts(visits.iter().filter(|visit| !visit.is_retracted));
    standing.extend(flags.iter().filter(|flag| flag.is_set).map(of_flag));
    standing.extend(people.iter().filter(|person| person.retracted_at.is_none()).map(of_person));
    standing.sort_by_key(|act| Reverse(act.at));
    let mut back = taken_back(&visits, &flags, &people, &standing);
    back.sort_by_key(|act| Reverse(act.back_at));
    let n_standing = u32::try_from(standing.len()).unwrap_or(u32::MAX);
    let told = |act: Act| told(conn, act);
    Ok(OwnActsView {
        standing: standing.into_iter().take(N_TOLD).map(told).collect::<Result<_, _>>()?,
        n_standing,
        taken_back: back.into_iter().map(told).collect::<Result<_, _>>()?,
    })
}

/// The visits since the last long pause; none if that pause lasts until now. `visits` are newest first.
fn of_shift(mut visits: Vec<OwnVisit>, now: At) -> Vec<OwnVisit> {
    let mut later = now;
    let pause = visits.iter().position(|visit| {
        let is_pause = later.since_ms(visit.at) >= SHIFT_PAUSE_MS;
        later = visit.at;
        is_pause
    });
    visits.truncate(pause.unwrap_or(visits.len()));
    visits
}

/// Groups visits that were recorded together into acts.
fn acts<'a>(visits: impl Iterator<Item = &'a OwnVisit>) -> Vec<Act> {
    let mut acts: BTreeMap<(At, &str, Option<VoterId>), Vec<&OwnVisit>> = BTreeMap::new();
    for visit in visits {
        acts.entry((visit.at, visit.result.as_str(), visit.voter)).or_default().push(visit);
    }
    acts.into_values().filter_map(|together| together_as_act(&together)).collect()
}

fn together_as_act(together: &[&OwnVisit]) -> Option<Act> {
    let first = together.first()?;
    Some(Act {
        at: first.at,
        back_at: together.iter().filter_map(|visit| visit.retracted_at).max(),
        about: first.voter.map_or(About::Door(first.door), About::Voter),
        what: OwnWhat::Visits { visits: together.iter().map(|visit| visit.visit).collect(), result: first.result },
    })
}

fn of_flag(flag: &OwnFlag) -> Act {
    let what = OwnWhat::Flag(SetFlag { about: flag.about, flag: flag.flag, is_set: true });
    Act { at: flag.at, back_at: (!flag.is_set).then_some(flag.at), about: flag.about, what }
}

fn of_person(person: &Added) -> Act {
    Act {
        at: person.at,
        back_at: person.retracted_at,
        about: About::Voter(person.voter),
        what: OwnWhat::Person(person.voter),
    }
}

/// The acts that were taken back since the last act was recorded, and were not recorded again.
fn taken_back(visits: &[OwnVisit], flags: &[OwnFlag], people: &[Added], standing: &[Act]) -> Vec<Act> {
    let newest = visits.iter().map(|visit| visit.at).max().max(standing.iter().map(|act| act.at).max());
    let is_since = |at: At| newest.is_none_or(|newest| at >= newest);
    let stands = |visit: &OwnVisit| {
        visits.iter().any(|other| {
            !other.is_retracted
                && (other.at, other.door, other.voter, other.result)
                    == (visit.at, visit.door, visit.voter, visit.result)
        })
    };
    // If a visit was redone and undone again, only the last remains.
    let mut back: BTreeMap<(At, DoorId, Option<VoterId>, &str), &OwnVisit> = BTreeMap::new();
    for visit in visits.iter().filter(|visit| visit.retracted_at.is_some_and(is_since) && !stands(visit)) {
        let place = back.entry((visit.at, visit.door, visit.voter, visit.result.as_str())).or_insert(visit);
        if visit.retracted_at > place.retracted_at {
            *place = visit;
        }
    }
    let mut acts = acts(back.into_values());
    acts.extend(flags.iter().filter(|flag| !flag.is_set && is_since(flag.at)).map(of_flag));
    acts.extend(people.iter().filter(|person| person.retracted_at.is_some_and(is_since)).map(of_person));
    acts
}

/// Adds the names of door and person to an act.
fn told(conn: &Connection, act: Act) -> Result<OwnAct, EngineError> {
    let (door, voter) = match act.about {
        About::Door(door) => (Some(door), None),
        About::Voter(voter) => (turfs::door_of_voter(conn, voter)?, Some(voter)),
    };
    let added = if let OwnWhat::Person(voter) = act.what { added::get(conn, voter)? } else { None };
    let door = door.or(added.as_ref().map(|person| person.door));
    let mut told = OwnAct {
        at: act.at,
        what: act.what,
        door,
        number: String::new(),
        street: String::new(),
        unit: String::new(),
        voter_name: String::new(),
    };
    let Some(door) = door else { return Ok(told) };
    if let Some(door) = doors::get(conn, door)? {
        (told.number, told.street, told.unit) = (door.number, door.street, door.unit);
    }
    if let Some(person) = added {
        told.voter_name = person.name();
    } else if voter.is_some() {
        let behind = people::of_door(conn, door)?;
        let name = behind.iter().find(|(person, _)| Some(person.id) == voter).map(|(person, _)| person.full_name());
        told.voter_name = name.unwrap_or_default();
    }
    Ok(told)
}
