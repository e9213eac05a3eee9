//! Calls about importing and exporting files.

use crate::id::JobId;
use crate::message::{FilePlace, Message};
use crate::time::At;
use serde::{Deserialize, Serialize};

/// The longest line an imported file may have, in bytes.
pub const MAX_LINE_BYTES: usize = 64 * 1024;

/// The most problems listed by line; more are counted only.
pub const MAX_PROBLEMS_LISTED: usize = 10_000;

/// A file that the person chose, as the shell keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChosenFile {
    /// The shell's key for its bytes.
    pub key: String,
    /// Its name, without folders.
    pub name: String,
    /// Its size.
    pub bytes: u64,
}

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
    /// Keep them.
    #[default]
    Keep,
    /// Remove those in a postal code that the file has, as if they were off the roll; the others may be of another county.
    TakeOffNear,
    /// Remove all of them.
    TakeOff,
}

/// What a file is, told by its header.
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
    /// When they were brought in, where that is known.
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

/// A file to save.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportFile {
    /// A name to suggest.
    pub name: String,
    /// Its media type.
    pub media_type: String,
    /// Its text in UTF-8; where [`Self::is_binary`], its bytes as hexadecimal digits.
    pub text: String,
    /// Rows, the header not counted.
    pub n_rows: u64,
    /// Whether it is no text.
    #[serde(default)]
    pub is_binary: bool,
}

impl ExportFile {
    /// A file that is no text.
    #[must_use]
    pub fn binary(name: String, media_type: &str, bytes: &[u8], n_rows: u64) -> Self {
        Self { name, media_type: media_type.to_owned(), text: hex::encode(bytes), n_rows, is_binary: true }
    }

    /// What is to be in the file.
    #[must_use]
    pub fn bytes(&self) -> Vec<u8> {
        if self.is_binary { hex::decode(&self.text).unwrap_or_default() } else { self.text.as_bytes().to_vec() }
    }
}
