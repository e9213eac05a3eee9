//! Universes: how many voters a filter takes, who they are, what can be asked for, and the list as a file.

use super::files::ExportFile;
use crate::id::{DoorId, QuestionId, VoterId};
use crate::time::At;
use crate::universe::{Filter, Mark};
use crate::visit::ResultCode;
use serde::{Deserialize, Serialize};

calls! {
    Call of Universe: UniverseCall;
    CountVoters -> VoterCount, act Oversee, reads [Import, Turf, Visits, Roster];
    ListVoters -> VoterPage, act Oversee, reads [Import, Turf, Visits, Roster];
    FilterChoices -> ChoicesView, act Oversee, reads [Import, Turf, Script];
    ExportVoters -> ExportFile, act Export, reads [];
}

/// The most rows of one page.
pub const MAX_PAGE: u32 = 500;

/// Asks how many people a filter takes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CountVoters {
    /// The filter.
    pub filter: Filter,
}

/// How many people a filter takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct VoterCount {
    /// People.
    pub n_voters: u64,
    /// Doors behind which they live.
    pub n_doors: u64,
    /// Of the people, those with a telephone number.
    pub n_with_phone: u64,
    /// People in all.
    pub n_in_all: u64,
    /// How long the count took, in milliseconds.
    pub took_ms: u64,
}

/// What a list is sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SortBy {
    /// Family name, then given name.
    #[default]
    Name,
    /// Age; unknown ages first.
    Age,
    /// Street, number, unit.
    Address,
    /// Precinct.
    Precinct,
    /// Party.
    Party,
    /// When the last attempt was; those without one first.
    LastAttempt,
    /// The number of attempts.
    Attempts,
}

/// The order of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub struct Order {
    /// By what.
    pub by: SortBy,
    /// Whether the last comes first.
    pub is_down: bool,
}

/// Where a page of a list ended: the next one begins after it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor {
    /// What its last row is sorted by.
    pub key: String,
    /// The number of its last row.
    pub row: i64,
}

/// Asks for the people whom a filter takes, page by page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ListVoters {
    /// The filter.
    pub filter: Filter,
    /// The order.
    pub order: Order,
    /// Where the page before ended; `None` for the first.
    pub after: Option<Cursor>,
    /// The most rows wanted: at most [`MAX_PAGE`].
    pub limit: u32,
}

/// One page of a list.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct VoterPage {
    /// The people.
    pub rows: Vec<VoterRow>,
    /// Where it ended; `None` when nobody comes after it.
    pub next: Option<Cursor>,
}

/// One person in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VoterRow {
    /// Who.
    pub voter: VoterId,
    /// Their name.
    pub name: String,
    /// Age in years where the file has it.
    pub age: Option<u8>,
    /// Their door.
    pub door: DoorId,
    /// Its address.
    pub address: String,
    /// Its town.
    pub town: String,
    /// Its precinct.
    pub precinct: String,
    /// Their party; empty where there is none.
    pub party: String,
    /// Whether there is a telephone number.
    pub has_phone: bool,
    /// The result of the last attempt, and when that was.
    pub last: Option<(ResultCode, At)>,
    /// How many attempts there were.
    pub n_attempts: u32,
    /// Marks that stand.
    pub marks: Vec<Mark>,
    /// The turf's name; empty when in none.
    pub turf: String,
}

/// Asks what conditions can be about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FilterChoices {}

/// What conditions can be about: the values that there are, each with how many people have it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ChoicesView {
    /// Parties, the largest first; the empty one for those without.
    pub parties: Vec<(String, u64)>,
    /// Precincts, with numbers in order.
    pub precincts: Vec<(String, u64)>,
    /// Towns, by name.
    pub towns: Vec<(String, u64)>,
    /// Postal codes, in order.
    pub zips: Vec<(String, u64)>,
    /// Ages in years, in order; without those that are not known.
    pub ages: Vec<(u8, u64)>,
    /// The questions of all versions of the script, the newest words for each, with their answers.
    pub questions: Vec<QuestionChoice>,
}

/// A question that conditions can be about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuestionChoice {
    /// The question.
    pub question: QuestionId,
    /// Its title.
    pub title: String,
    /// Its answers: the stored value and the label.
    pub options: Vec<(String, String)>,
}

/// Asks for the people whom a filter takes as a file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ExportVoters {
    /// The filter.
    pub filter: Filter,
    /// The order.
    pub order: Order,
}
