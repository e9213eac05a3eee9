//! What filters know of one person behind a door, from what was recorded there and with them. Pure.

use super::{ADDED, DANGER, DECEASED, DO_NOT_CONTACT, HAS_PHONE, MOVED};
use crate::store::field::gone::parse_mark;
use porchlight_model::id::{DocId, DoorId, VoterId};
use porchlight_model::time::At;
use porchlight_model::visit::{About, Concerns, Flag, Gone, ResultCode};
use std::collections::{BTreeMap, BTreeSet};

/// A person behind a door.
pub(crate) struct Resident {
    pub(crate) voter: VoterId,
    pub(crate) first: String,
    pub(crate) last: String,
    pub(crate) age: Option<u8>,
    pub(crate) party: String,
    pub(crate) phone: String,
    pub(crate) source_id: String,
    /// When they were added; `None` for someone on the file.
    pub(crate) added_at: Option<At>,
}

/// A visit that was not taken back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Visit {
    pub(crate) doc: DocId,
    pub(crate) door: DoorId,
    pub(crate) voter: Option<VoterId>,
    pub(crate) at: At,
    pub(crate) result: ResultCode,
    pub(crate) change: Vec<u8>,
}

/// A setting or lifting of a flag, or a mark.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FlagRow {
    pub(crate) doc: DocId,
    pub(crate) door: Option<DoorId>,
    pub(crate) voter: Option<VoterId>,
    pub(crate) flag: String,
    pub(crate) is_set: bool,
    pub(crate) at: At,
    pub(crate) change: Vec<u8>,
    /// Whether a visit of the same change was taken back.
    pub(crate) is_undone: bool,
}

/// What was recorded at a door and with those who live there, in order of time.
#[derive(Default)]
pub(crate) struct Recorded {
    pub(crate) visits: Vec<Visit>,
    pub(crate) flags: Vec<FlagRow>,
}

/// What filters know of a person besides what the file tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Known {
    /// The last attempt's result, and when it was.
    pub(crate) last: Option<(ResultCode, At)>,
    pub(crate) met_at: Option<At>,
    pub(crate) n_attempts: u32,
    pub(crate) marks: i64,
}

impl Known {
    /// What is known of one of the `residents` of a door.
    pub(crate) fn of(person: &Resident, door: DoorId, residents: &[Resident], recorded: &Recorded) -> Self {
        let mut known = Self::default();
        for visit in recorded.visits.iter().filter(|visit| concerns(visit, person, door)) {
            known.last = Some((visit.result, visit.at));
            known.n_attempts += 1;
            if visit.result.is_contact() {
                known.met_at = Some(visit.at);
            }
        }
        if person.phone.bytes().any(|byte| byte.is_ascii_digit()) {
            known.marks |= HAS_PHONE;
        }
        if person.added_at.is_some() {
            known.marks |= ADDED;
        }
        let standing = standing(&recorded.flags);
        let stands = |flag: Flag, about: About| standing.contains(&(about, flag.as_str()));
        let (voter, door_itself) = (About::Voter(person.voter), About::Door(door));
        if stands(Flag::DoNotContact, voter) || stands(Flag::DoNotContact, door_itself) {
            known.marks |= DO_NOT_CONTACT;
        }
        let is_dangerous = |other: &Resident| stands(Flag::Danger, About::Voter(other.voter));
        if stands(Flag::Danger, door_itself) || residents.iter().any(is_dangerous) {
            known.marks |= DANGER;
        }
        known.marks |= match gone(person, door, recorded) {
            Some(Gone::Moved) => MOVED,
            Some(Gone::Deceased) => DECEASED,
            None => 0,
        };
        known
    }
}

/// Whether a visit is about a person: their own, wherever it was, or one about their whole door. Of a result that only a newer program knows
/// nothing is concluded.
fn concerns(visit: &Visit, person: &Resident, door: DoorId) -> bool {
    if visit.result.is_unknown() {
        return false;
    }
    match visit.result.concerns(visit.voter) {
        Concerns::Person(voter) => voter == person.voter,
        Concerns::Door => visit.door == door && person.added_at.is_none_or(|added| visit.at >= added),
    }
}

/// The flags that stand: of each thing and flag the newest entry counts.
fn standing(flags: &[FlagRow]) -> BTreeSet<(About, &str)> {
    let newest: BTreeMap<_, bool> =
        flags.iter().map(|row| ((row.door, row.voter, row.flag.as_str()), row.is_set)).collect();
    let set = newest.into_iter().filter(|(_, is_set)| *is_set);
    let about = |door: Option<DoorId>, voter: Option<VoterId>| voter.map(About::Voter).or(door.map(About::Door));
    set.filter_map(|((door, voter, flag), _)| Some((about(door, voter)?, flag))).collect()
}

/// Whether a person is no longer behind a door by what was found there: by results about them, by marks, and by results about the whole door that
/// left no marks, as older programs write them. Whoever was met there later is not gone.
fn gone(person: &Resident, door: DoorId, recorded: &Recorded) -> Option<Gone> {
    let here = || recorded.visits.iter().filter(|visit| visit.door == door && !visit.result.is_unknown());
    let is_marked = |visit: &Visit| {
        let is_mark = |row: &FlagRow| {
            row.doc == visit.doc && row.change == visit.change && row.door == Some(visit.door) && is_mark(&row.flag)
        };
        recorded.flags.iter().any(is_mark)
    };
    let is_told = |visit: &&Visit| match visit.result.concerns(visit.voter) {
        Concerns::Person(voter) => voter == person.voter,
        Concerns::Door => person.added_at.is_none_or(|added| visit.at >= added) && !is_marked(visit),
    };
    let told = here().filter(is_told).filter_map(|visit| Some((visit.result.gone()?, visit.at)));
    let marks = recorded.flags.iter().filter(|row| {
        row.voter == Some(person.voter) && row.door.is_none_or(|at| at == door) && row.is_set && !row.is_undone
    });
    let marked = marks.filter_map(|row| Some((parse_mark(&row.flag)?, row.at)));
    let (gone, at) = told.chain(marked).max_by_key(|(_, at)| *at)?;
    let is_own = |visit: &&Visit| visit.voter == Some(person.voter) && visit.result.is_contact();
    let is_met_since = here().filter(is_own).any(|visit| visit.at >= at);
    (!is_met_since).then_some(gone)
}

fn is_mark(flag: &str) -> bool {
    parse_mark(flag).is_some()
}
