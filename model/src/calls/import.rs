//! Files that come in: voters, addresses, streets.

use super::files::ChosenFile;
use crate::id::JobId;
use crate::message::{FilePlace, Message};
use crate::time::At;
use serde::{Deserialize, Serialize};

calls! {
    Call of Import: ImportCall;
    CheckFile -> FileReport, act Import, reads [];
    ImportFile -> FileReport, act Import, reads [];
    ImportOverview -> Overview, act Import, reads [Import];
    ListProblems -> ProblemPage, act Import, reads [Import];
    CancelJob -> (), act Sync, reads [];
}

/// The longest line an imported file may have, in bytes.
pub const MAX_LINE_BYTES: usize = 64 * 1024;

/// The most problems listed by line; more are counted only.
pub const MAX_PROBLEMS_LISTED: usize = 10_000;

/// Reads a whole file and reports what importing it would do; changes nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckFile {
    /// The file.
    pub file: ChosenFile,
    /// For progress and cancelling.
    pub job: JobId,
}

/// Imports a file, whole or not at all.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportFile {
    /// The file.
    pub file: ChosenFile,
    /// For progress and cancelling.
    pub job: JobId,
    /// What to do with voters who are absent from a newer voter file.
    #[serde(default)]
    pub absent: Absent,
}

/// What to do with existing voters who are absent from a newer voter file, as the coordinator decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Absent {
    /// They stay.
    #[default]
    Keep,
    /// Remove those in a postal code that the file has, as if they were off the roll; the others may be of another county.
    TakeOffNear,
    /// All go.
    TakeOff,
}

/// The kind of a file, detected from its header.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FileKind {
    /// A voter file in the North Carolina layout.
    NorthCarolina,
    /// Addresses with points: OpenAddresses, CSV or line-delimited GeoJSON.
    OpenAddresses,
    /// Streets and areas: GeoJSON features with OpenStreetMap tags.
    Streets,
}

impl FileKind {
    /// The name as stored: `north_carolina`, `open_addresses`, `streets`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NorthCarolina => "north_carolina",
            Self::OpenAddresses => "open_addresses",
            Self::Streets => "streets",
        }
    }
}

/// What importing a file did, or would do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileReport {
    /// What it is.
    pub kind: FileKind,
    /// Rows read, the header not counted.
    pub n_rows: u64,
    /// Rows imported: voters, points or features.
    pub n_taken: u64,
    /// Rows left out because the voter is confidential.
    pub n_confidential: u64,
    /// Rows left out because the voter is not on the roll at present (removed or denied).
    pub n_not_registered: u64,
    /// Rows with a problem, imported or not.
    pub n_problems: u64,
    /// Headers that are not used.
    pub unused: Vec<String>,
    /// The first problems, at most 20.
    pub problems: Vec<Problem>,
    /// Its effect on the existing data.
    pub effect: Effect,
    /// The repairs with their counts: one sentence for each kind.
    #[serde(default)]
    pub repaired: Vec<Message>,
    /// How long it took, in milliseconds.
    pub took_ms: u64,
}

impl FileReport {
    /// Whether importing the file would change anything at all.
    #[must_use]
    pub const fn is_of_use(&self) -> bool {
        self.n_taken > 0 || self.n_confidential > 0 || self.effect.n_off_roll > 0
    }
}

/// The effect of an import on the existing data. Lists of people and addresses have the first [`MAX_NAMED`].
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Effect {
    /// The number of new voters or points.
    pub n_new: u64,
    /// The number of voters who lived at another door, or of points that were elsewhere.
    pub n_moved: u64,
    /// The number of existing voters whom the file lists as removed or denied.
    pub n_off_roll: u64,
    /// Those voters, as names with addresses.
    pub off_roll: Vec<String>,
    /// The number of existing voters who are absent from the file.
    pub n_absent: u64,
    /// Of these, the number in a postal code that the file has.
    pub n_absent_near: u64,
    /// The absent voters, as names with addresses, those in a postal code of the file first.
    pub absent: Vec<String>,
    /// Existing streets and areas that the file's own replace because they cover the same area, grouped by the file that brought them.
    pub replaced: Vec<Replaced>,
    /// The number of existing streets and areas that stay.
    pub n_beside: u64,
    /// The number of ignored features: neither streets, areas nor address points.
    pub n_passed_over: u64,
    /// The number of turf whose packs were renewed; known once the file is imported.
    pub n_turf: u64,
}

/// Streets and areas of one file that are replaced.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Replaced {
    /// How many.
    pub n: u64,
    /// The name of their file; empty where it is not known.
    pub file: String,
    /// When they were imported, where that is known.
    pub at: Option<At>,
}

/// People named in a report.
pub const MAX_NAMED: usize = 50;

/// A problem with one row.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Problem {
    /// Where.
    pub at: FilePlace,
    /// What, and what to do.
    pub what: Message,
    /// Whether the row was left out.
    pub is_left_out: bool,
}

/// Asks what has been imported.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportOverview {}

/// What has been imported.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Overview {
    /// Voters.
    pub n_voters: u64,
    /// Doors.
    pub n_doors: u64,
    /// Buildings.
    pub n_buildings: u64,
    /// Doors with a point, from the address file or guessed from neighbours.
    pub n_located: u64,
    /// Doors whose point is guessed.
    pub n_guessed: u64,
    /// Doors without a point, because points of several places have their address.
    #[serde(default)]
    pub n_unclear: u64,
    /// Address points read.
    pub n_points: u64,
    /// Stretches of street read.
    pub n_streets: u64,
    /// Doors that are in a turf.
    pub n_in_turf: u64,
    /// Rows with a problem over all files.
    pub n_problems: u64,
    /// The names of the imported files, newest first.
    pub files: Vec<String>,
}

/// Asks for problems of imported files, a page of 100.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListProblems {
    /// The index of the first problem.
    pub from: u64,
}

/// One page of problems.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProblemPage {
    /// How many are listed in all.
    pub n_listed: u64,
    /// This page.
    pub problems: Vec<Problem>,
}

/// Cancels a job; what it had done is rolled back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CancelJob {
    /// The work.
    pub job: JobId,
}
