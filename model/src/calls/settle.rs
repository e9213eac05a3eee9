//! True conflicts, and settling them.

use super::door::HistoryItem;
use crate::id::{QuestionId, TurfId, VisitId, VoterId};
use crate::open::open_names;
use crate::time::At;
use serde::{Deserialize, Serialize};

calls! {
    Call of Settle: SettleCall;
    Conflicts -> Vec<ConflictView>, act Settle, reads [Visits, Turf];
    Settle -> (), act Settle, reads [];
    Uncounted -> UncountedView, act Settle, reads [Visits, Turf, Roster];
}

/// Asks for the entries that do not count, because they break a law.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Uncounted {}

/// The entries that do not count, of waves that have not ended.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct UncountedView {
    /// How many there are.
    pub n: u32,
    /// The first of them, by turf and time.
    pub entries: Vec<UncountedEntry>,
}

/// The most entries of an [`UncountedView`].
pub const MAX_UNCOUNTED: usize = 200;

/// An entry that does not count.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UncountedEntry {
    /// The name of the turf.
    pub turf: String,
    /// The address; empty where it is not known here.
    pub address: String,
    /// What it claims to be.
    pub what: EntryKind,
    /// Why it does not count.
    pub law: Law,
    /// Whose it claims to be; empty where it is not known here.
    pub by_name: String,
    /// Whose device wrote it; empty where it is not known here.
    pub written_by: String,
    /// When it claims to have been; none for an answer.
    pub at: Option<At>,
}

open_names! {
    /// What an entry is.
    pub enum EntryKind {
        /// An attempt at a door.
        Visit = "visits",
        /// The answers given at a visit.
        Asked = "asked",
        /// A current answer.
        Answer = "answers",
        /// Taking something back.
        Retraction = "retracted",
        /// A note.
        Note = "notes",
        /// Setting or lifting a flag.
        Flag = "flags",
        /// A person added at a door.
        Person = "people",
    }
}

open_names! {
    /// Why an entry does not count.
    pub enum Law {
        /// It claims to be somebody else's than its author's, or names no author.
        Author = "author",
        /// It is dated long before its document was made.
        Early = "early",
        /// It is dated later than a relay had it.
        Late = "late",
        /// It takes back what is somebody else's, and its author is no coordinator.
        Retraction = "retraction",
        /// It changes an answer without a visit, and its author is no coordinator.
        Settling = "settling",
    }
}

/// Asks for the conflicts that wait.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conflicts {}

/// A conflict: different answers that were recorded concurrently.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ConflictView {
    /// The turf.
    pub turf: TurfId,
    /// The voter.
    pub voter: VoterId,
    /// Their name.
    pub name: String,
    /// Their address.
    pub address: String,
    /// The question.
    pub question: QuestionId,
    /// Its title.
    pub title: String,
    /// Its text, as the newest script has it.
    pub text: String,
    /// The answers, by time.
    pub sides: Vec<ConflictSide>,
    /// What else happened, newest first.
    pub history: Vec<HistoryItem>,
}

/// One answer of a conflict.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConflictSide {
    /// The stored answer.
    pub value: String,
    /// What was asked when it was given: it may have been reworded since.
    pub text: String,
    /// The answer in the words that stood on the canvasser's screen.
    pub label: String,
    /// The visit at which it was said, if known.
    pub visit: Option<VisitId>,
    /// Who recorded it.
    pub by_name: String,
    /// When.
    pub at: Option<At>,
    /// Notes by that person about that voter or door on that day.
    pub notes: Vec<String>,
}

/// Settles a conflict; reaches the phones with their next sync.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settle {
    /// The turf.
    pub turf: TurfId,
    /// The voter.
    pub voter: VoterId,
    /// The question.
    pub question: QuestionId,
    /// The answer to keep; `None` for neither: the question is open again.
    pub keep: Option<String>,
}
