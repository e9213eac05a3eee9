//! One door, or one building with its units: everything known, and what happened there.

use super::walk::Stop;
use crate::id::{BuildingId, DoorId, MemberId, NoteId, QuestionId, TurfId, VisitId, VoterId};
use crate::script::Script;
use crate::time::At;
use crate::visit::{DoorState, Flag, How, Mark, PersonState, ResultCode};
use crate::voter::{Building, Door, Voter};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

calls! {
    Call of Door: DoorCall;
    OpenDoor -> DoorView, act Walk, reads [Turf, Visits, Script, Sync];
    OpenBuilding -> BuildingView, act Walk, reads [Turf, Visits, Drafts];
}

/// A danger at a door: what it is, who saw it, and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Danger {
    /// The unit, where this is shown for a whole building; empty where it is shown for the door itself.
    pub unit: String,
    /// What it is, in the words of who saw it, at most 140 characters; empty where they gave none.
    pub reason: String,
    /// Who saw it; empty where their name is not known here.
    pub by_name: String,
    /// When.
    pub at: At,
}

/// Asks for one door with everything known about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenDoor {
    /// The door.
    pub door: DoorId,
}

/// One door with everything known about it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DoorView {
    /// The turf it is in.
    pub turf: TurfId,
    /// The door.
    pub door: Door,
    /// The building, when it is a unit.
    pub building: Option<Building>,
    /// Its state.
    pub state: DoorState,
    /// Its own flags.
    pub flags: Vec<Flag>,
    /// The voters behind it, those added at the door included.
    pub voters: Vec<VoterView>,
    /// What happened here, newest first.
    pub history: Vec<HistoryItem>,
    /// The script in force.
    pub script: Option<Script>,
    /// The danger here, from the door or from one person.
    pub danger: Option<Danger>,
    /// The next stop in walking order.
    pub next: Option<Stop>,
    /// The house number of that stop; empty where there is none.
    pub next_number: String,
}

/// One voter with their present answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VoterView {
    /// The voter.
    pub voter: Voter,
    /// Whether they were added at the door.
    pub is_added: bool,
    /// Their state.
    pub state: PersonState,
    /// Their flags.
    pub flags: Vec<Flag>,
    /// Their current answers, by question; one of the two where two are in conflict.
    pub answers: BTreeMap<QuestionId, String>,
    /// The same answers in the wording that the canvasser saw, whatever the script says by now.
    pub words: BTreeMap<QuestionId, AnswerWords>,
    /// Questions whose two answers wait for a coordinator's decision.
    pub in_conflict: Vec<QuestionId>,
}

/// An answer in the wording of the script's version with which it was given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnswerWords {
    /// The question's title; empty where no version of the script has the question.
    pub title: String,
    /// The answer.
    pub label: String,
}

/// Something that happened at a door or to a voter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HistoryItem {
    /// When.
    pub at: At,
    /// By whom.
    pub by: MemberId,
    /// Their name, if this device knows it; empty otherwise.
    pub by_name: String,
    /// Whom it was about, if one person.
    pub voter: Option<VoterId>,
    /// That person's name; empty otherwise.
    pub voter_name: String,
    /// What happened.
    pub what: HistoryKind,
    /// Where it is.
    pub safety: Safety,
    /// The name of its wave, where this device has results of several; empty for the first.
    pub wave: Option<String>,
    /// The address where it happened, when that differs from the record's: they have moved since.
    #[serde(default)]
    pub elsewhere: Option<String>,
}

/// How far a result has travelled from the device that recorded it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Safety {
    /// On this device's disk only.
    Here,
    /// On a relay's disk, committed.
    Relay,
    /// On a coordinator's device, too.
    Seen,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HistoryKind {
    /// An attempt.
    Visit {
        /// The visit.
        visit: VisitId,
        /// How.
        how: How,
        /// What came of it.
        result: ResultCode,
        /// The answers, as question title and option label (the stored value where the script no longer has it).
        said: Vec<(String, String)>,
        /// Whether it was taken back by undo.
        is_retracted: bool,
    },
    /// A note.
    Note {
        /// The note.
        note: NoteId,
        /// Its text.
        text: String,
    },
    /// A flag set or lifted.
    Flag {
        /// Which.
        flag: Flag,
        /// Whether it was set, not lifted.
        is_set: bool,
    },
    /// A person added.
    Added {
        /// Their name.
        name: String,
    },
}

/// Asks for a building with its units.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenBuilding {
    /// The building.
    pub building: BuildingId,
}

/// A building with its units.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BuildingView {
    /// The turf it is in.
    pub turf: TurfId,
    /// The building.
    pub building: Building,
    /// Units by floor, highest floor first; `None` for units whose name gives no floor.
    pub floors: Vec<(Option<u32>, Vec<UnitRow>)>,
    /// Units still to do.
    pub n_left: u32,
    /// Notes about its doors, newest first.
    pub notes: Vec<String>,
    /// The next unit to do, counted from where this member was last.
    pub next_unit: Option<DoorId>,
    /// The next stop in walking order.
    pub next: Option<Stop>,
}

/// One unit of a building.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnitRow {
    /// The door.
    pub door: DoorId,
    /// Its unit, e.g. `4B`.
    pub unit: String,
    /// Its state.
    pub state: DoorState,
    /// Its mark.
    pub mark: Mark,
    /// The danger here, if there is one.
    pub danger: Option<Danger>,
    /// Names of its voters who are or were to be met, those who are left first.
    pub names: Vec<String>,
    /// Who they are, in the same order.
    pub voters: Vec<VoterId>,
    /// Of the names, those who are left to meet.
    pub left: Vec<String>,
    /// Whether a draft is open here.
    pub has_draft: bool,
}
