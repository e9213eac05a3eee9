//! True conflicts, and settling them.

use super::door::HistoryItem;
use crate::id::{QuestionId, TurfId, VisitId, VoterId};
use crate::time::At;
use serde::{Deserialize, Serialize};

calls! {
    Call of Settle: SettleCall;
    Conflicts -> Vec<ConflictView>, act Settle, reads [Visits, Turf];
    Settle -> (), act Settle, reads [];
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
