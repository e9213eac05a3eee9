//! What an import has read, in memory until it is committed.

use super::table::Repair;
use porchlight_model::calls::files::{ChosenFile, FileKind, FileReport, MAX_PROBLEMS_LISTED, Problem};
use porchlight_model::id::VoterId;
use porchlight_model::message::Message;
use porchlight_model::place::{Area, LonLat, Street};
use porchlight_model::voter::{Door, Voter};
use std::collections::{BTreeMap, BTreeSet};

/// Problems shown with a report.
const PROBLEMS_IN_REPORT: usize = 20;

/// What an import has read.
#[derive(Debug, Default)]
pub(crate) struct Staged {
    /// Voters, each once.
    pub(crate) voters: Vec<Voter>,
    /// Voters that must not be kept: the file marks them confidential.
    pub(crate) confidential: Vec<VoterId>,
    /// Doors by id: until [`super::homes::settle`] the one that their address derives.
    pub(crate) doors: BTreeMap<[u8; 16], Door>,
    /// The ids that the first versions derived from the addresses of each door.
    pub(crate) first_ids: BTreeMap<[u8; 16], BTreeSet<[u8; 16]>>,
    /// Address points: key, point, where they stand.
    pub(crate) points: Vec<(String, LonLat, super::At)>,
    /// Streets.
    pub(crate) streets: Vec<Street>,
    /// Areas.
    pub(crate) areas: Vec<Area>,
    /// Counts.
    pub(crate) n_rows: u64,
    pub(crate) n_confidential: u64,
    pub(crate) n_not_registered: u64,
    pub(crate) n_problems: u64,
    /// How many rows were repaired, by what was wrong with them.
    pub(crate) repairs: BTreeMap<Repair, u64>,
    /// Problems by line, the first [`MAX_PROBLEMS_LISTED`].
    pub(crate) problems: Vec<Problem>,
}

impl Staged {
    /// Notes that something was repaired.
    pub(crate) fn repaired(&mut self, repair: Repair) {
        *self.repairs.entry(repair).or_default() += 1;
    }

    /// Notes a problem of a row.
    pub(crate) fn problem(
        &mut self,
        file: &ChosenFile,
        line: u64,
        (column, header): (u64, &str),
        what: Message,
        is_left_out: bool,
    ) {
        self.n_problems += 1;
        if self.problems.len() < MAX_PROBLEMS_LISTED {
            self.problems.push(Problem { at: super::place(file, line, column, header), what, is_left_out });
        }
    }

    /// The report so far.
    pub(crate) fn report(&self, kind: FileKind, unused: Vec<String>, took_ms: u64) -> FileReport {
        let n_taken = match kind {
            FileKind::NorthCarolina => self.voters.len(),
            FileKind::OpenAddresses => self.points.len(),
            FileKind::Streets => self.streets.len() + self.areas.len(),
        };
        FileReport {
            kind,
            n_rows: self.n_rows,
            n_taken: n_taken as u64,
            n_confidential: self.n_confidential,
            n_not_registered: self.n_not_registered,
            n_problems: self.n_problems,
            unused,
            problems: self.problems.iter().take(PROBLEMS_IN_REPORT).cloned().collect(),
            repaired: self.repairs.iter().map(|(repair, n)| repair.message(*n)).collect(),
            took_ms,
        }
    }
}
