//! Exporting results as tables.

use crate::id::WaveId;
use serde::{Deserialize, Serialize};

calls! {
    Call of Export: ExportCall;
    ExportResults -> super::files::ExportFile, act Export, reads [];
    ExportWave -> super::files::ExportFile, act Export, reads [];
}

/// Asks for all results as a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportResults {
    /// Which.
    pub what: ExportKind,
}

/// What an export holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExportKind {
    /// One row for each visit that was not retracted: CSV.
    Visits,
    /// One row for each voter with their present answers: CSV.
    Answers,
    /// One row for each answer of each visit, with what was asked: CSV.
    Said,
    /// One row for each note: CSV.
    Notes,
    /// One row for each setting or lifting of a flag: CSV.
    Flags,
    /// One row for each person who was added at a door: CSV.
    People,
    /// One row for each visit that was taken back: CSV.
    TakenBack,
    /// One row for each person who walked a turf: CSV.
    Walkers,
    /// One row for each answer of each version of the script: CSV.
    Scripts,
}

impl ExportKind {
    /// All tables, in the order in which they are offered.
    pub const ALL: [Self; 9] = [
        Self::Visits,
        Self::Answers,
        Self::Said,
        Self::Notes,
        Self::Flags,
        Self::People,
        Self::TakenBack,
        Self::Walkers,
        Self::Scripts,
    ];

    /// The name in file names and archives: `taken-back`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Visits => "visits",
            Self::Answers => "answers",
            Self::Said => "said",
            Self::Notes => "notes",
            Self::Flags => "flags",
            Self::People => "people",
            Self::TakenBack => "taken-back",
            Self::Walkers => "walkers",
            Self::Scripts => "scripts",
        }
    }
}

/// Asks for the results of one wave as a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportWave {
    /// The wave: one that is not erased.
    pub wave: WaveId,
    /// Which results.
    pub what: ExportKind,
}
