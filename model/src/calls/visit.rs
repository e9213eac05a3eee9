//! Calls that record what is done at a door: each is on this device's disk when it is answered.

use crate::id::{DoorId, NoteId, QuestionId, ScriptId, TurfId, VisitId, VoterId};
use crate::time::At;
use crate::visit::{About, Flag, How, ResultCode};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

calls! {
    Call of Visit: VisitCall;
    RecordVisit -> Receipt, act Walk, reads [];
    Undo -> (), act Walk, reads [];
    Redo -> Receipt, act Walk, reads [];
    OwnActs -> OwnActsView, act Walk, reads [Turf, Visits];
    AddNote -> (), act Walk, reads [];
    SetFlag -> (), act Walk, reads [];
    AddPerson -> PersonAdded, act Walk, reads [];
    TakeBackPerson -> (), act Walk, reads [];
    EditNote -> (), act Walk, reads [];
    ReportDanger -> (), act Walk, reads [];
}

/// Records one attempt at one or several doors (several: a floor where nobody is home).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordVisit {
    /// The doors, all of one turf; at least one. A whole floor is one act, however many doors it has.
    pub doors: Vec<DoorId>,
    /// The voter, when the attempt was at one person; then there is one door.
    pub voter: Option<VoterId>,
    /// How.
    pub how: How,
    /// What came of it.
    pub result: ResultCode,
    /// What was said, by question; needs a voter.
    pub answers: BTreeMap<QuestionId, String>,
    /// A note about the voter, or else the door; empty for none.
    pub note: String,
    /// The version of the script that was on the screen; `None` where there was none, or an older program recorded it.
    #[serde(default)]
    pub script: Option<ScriptId>,
}

/// Proof that a visit is on this device's disk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// The visits recorded, in the order of the doors: hand them to [`Undo`].
    pub visits: Vec<VisitId>,
    /// When.
    pub at: At,
}

/// Retracts visits, after a mistap. They stay in the record, and the answers return to what they were before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Undo {
    /// The visits, made by this member.
    pub visits: Vec<VisitId>,
}

/// Records retracted visits again, as they were; the receipt names the new ones.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Redo {
    /// The visits, made and taken back by this member.
    pub visits: Vec<VisitId>,
}

/// Asks for this member's last acts on a turf, to undo them one by one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnActs {
    /// The turf.
    pub turf: TurfId,
}

/// The last acts of this member's shift on a turf.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnActsView {
    /// The last act that stands, and the one before it.
    pub standing: Vec<OwnAct>,
    /// How many acts of the shift stand.
    pub n_standing: u32,
    /// The acts that were undone since the last act was recorded, the last undone first.
    pub taken_back: Vec<OwnAct>,
}

/// One act of this member.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnAct {
    /// When.
    pub at: At,
    /// What was recorded.
    pub what: OwnWhat,
    /// The door, the first of several.
    pub door: Option<DoorId>,
    /// Its house number.
    pub number: String,
    /// Its street.
    pub street: String,
    /// Its unit; empty for a house.
    pub unit: String,
    /// The person that it was about; empty where it was about the door.
    pub voter_name: String,
}

/// What was recorded by one act.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OwnWhat {
    /// Attempts; at several doors where a whole floor was recorded.
    Visits {
        /// The visits: hand them to [`Undo`] or [`Redo`].
        visits: Vec<VisitId>,
        /// What came of them.
        result: ResultCode,
    },
    /// A flag was set; lifting it takes it back.
    Flag(SetFlag),
    /// A person was added; [`TakeBackPerson`] takes them back. One about whom something was recorded since is not listed as an act.
    Person(VoterId),
}

/// Adds a note.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AddNote {
    /// What about.
    pub about: About,
    /// The text: 1 to [`crate::visit::MAX_NOTE_CHARS`] characters.
    pub text: String,
}

/// Replaces the text of one's own note. The earlier text stays in the record and is shown nowhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EditNote {
    /// The note, made by this member.
    pub note: NoteId,
    /// The text: 1 to [`crate::visit::MAX_NOTE_CHARS`] characters; empty to remove the note.
    pub text: String,
}

/// Flags a danger at a door and notes what it is, in one act.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportDanger {
    /// Where.
    pub about: About,
    /// What it is, at most [`crate::visit::MAX_NOTE_CHARS`] characters; kept as a note, too. Empty where there was no time to write.
    pub reason: String,
}

/// Sets or lifts a flag.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetFlag {
    /// On what.
    pub about: About,
    /// Which.
    pub flag: Flag,
    /// Set, or lifted.
    pub is_set: bool,
}

/// Adds a person met at a door who is not on the voter file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AddPerson {
    /// The door.
    pub door: DoorId,
    /// Given name; one of the two names may be empty.
    pub first: String,
    /// Family name.
    pub last: String,
    /// Telephone; may be empty.
    pub phone: String,
}

/// Takes back a person whom this member added at a door, or brings them back. The entry stays in the record. Nobody about whom something
/// was recorded can be taken back: that is taken back first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TakeBackPerson {
    /// The person, added by this member.
    pub voter: VoterId,
    /// Taken back, or brought back.
    pub is_taken_back: bool,
}

/// The person that was added.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonAdded {
    /// Their id.
    pub voter: VoterId,
}
