//! The staging area of an import: what was read, in memory until it is committed.

use super::table::Repair;
use porchlight_model::calls::files::ChosenFile;
use porchlight_model::calls::import::{Effect, FileKind, FileReport, MAX_PROBLEMS_LISTED, Problem};
use porchlight_model::id::VoterId;
use porchlight_model::message::Message;
use porchlight_model::place::{Area, LonLat, Street};
use porchlight_model::voter::{Door, Voter};
use std::collections::{BTreeMap, BTreeSet};

/// The number of problems that a report shows.
const PROBLEMS_IN_REPORT: usize = 20;

/// The records that an import has read.
#[derive(Debug, Default)]
pub(crate) struct Staged {
    /// Voters, each once.
    pub(crate) voters: Vec<Voter>,
    /// Voters that must not be stored, because the file marks them as confidential.
    pub(crate) confidential: Vec<VoterId>,
    /// Voters whom the file lists as removed or denied; after [`Self::finish`] without those whom it also lists as registered.
    pub(crate) off_roll: Vec<VoterId>,
    /// Voters in rows that were left out for other reasons.
    pub(crate) unclear: Vec<VoterId>,
    /// Doors by id, which is derived from the address until [`super::homes::settle`] matches existing doors.
    pub(crate) doors: BTreeMap<[u8; 16], Door>,
    /// The ids that the first versions derived from the addresses of each door.
    pub(crate) first_ids: BTreeMap<[u8; 16], BTreeSet<[u8; 16]>>,
    /// Address points: key, coordinates, position in the file.
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
    pub(crate) n_passed_over: u64,
    /// The number of repaired rows by kind of repair.
    pub(crate) repairs: BTreeMap<Repair, u64>,
    /// The first [`MAX_PROBLEMS_LISTED`] problems, by line.
    pub(crate) problems: Vec<Problem>,
}

impl Staged {
    /// Counts a repair.
    pub(crate) fn repaired(&mut self, repair: Repair) {
        *self.repairs.entry(repair).or_default() += 1;
    }

    /// Records a problem of a row.
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

    /// Stores a voter in place of a superseded one or at the end; returns the index.
    pub(crate) fn put_voter(&mut self, index: Option<usize>, voter: Voter) -> usize {
        match index.and_then(|index| Some((index, self.voters.get_mut(index)?))) {
            Some((index, place)) => {
                *place = voter;
                index
            }
            None => {
                self.voters.push(voter);
                self.voters.len() - 1
            }
        }
    }

    /// Completes the records once the whole file is read: sorts voters by id, drops doors without voters, and takes voters off `off_roll` whom
    /// another row registers.
    pub(crate) fn finish(&mut self) {
        self.voters.sort_by_key(|voter| voter.id);
        let lived_in: BTreeSet<[u8; 16]> = self.voters.iter().map(|voter| voter.door.to_bytes()).collect();
        self.doors.retain(|door, _| lived_in.contains(door));
        self.first_ids.retain(|door, _| lived_in.contains(door));
        let voters = &self.voters;
        self.off_roll.retain(|id| voters.binary_search_by_key(id, |voter| voter.id).is_err());
        for ids in [&mut self.off_roll, &mut self.unclear, &mut self.confidential] {
            ids.sort_unstable();
            ids.dedup();
        }
    }

    /// The report so far.
    pub(crate) fn report(&self, kind: FileKind, unused: Vec<String>, effect: Effect, took_ms: u64) -> FileReport {
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
            effect: Effect { n_passed_over: self.n_passed_over, ..effect },
            repaired: self.repairs.iter().map(|(repair, n)| repair.message(*n)).collect(),
            took_ms,
        }
    }
}
