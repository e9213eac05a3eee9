//! The kinds of documents, a row for each: everything in which the engine treats one kind differently from another.

use crate::doc::{Rooted, Touched, campaign_map, office_map, project, turf_map};
use crate::error::EngineError;
use porchlight_model::budget::Budget;
use porchlight_model::calls::Topic;
use porchlight_model::id::DocId;
use porchlight_model::wire::DocKind;
use rusqlite::Connection;
use std::collections::BTreeSet;

/// Derives the rows of the touched entries of a document; returns which topics changed.
type Project = fn(&Connection, DocId, &Rooted, &Touched) -> Result<BTreeSet<Topic>, EngineError>;

/// One kind of document.
pub(crate) struct Kind {
    /// The top-level maps that its birth makes, in this order.
    pub(crate) maps: &'static [&'static str],
    /// The maps that are derived whole after each merge, because a merge may change them without saying so.
    pub(crate) merged_whole: &'static [&'static str],
    /// The tables of derived rows; a rebuild empties them first.
    pub(crate) tables: &'static [&'static str],
    /// Derives the rows.
    pub(crate) project: Project,
    /// What its changes may cost.
    pub(crate) budget: Budget,
    /// Whether its changes come from the relay alone, and not through hubs or from files, because they decide about others.
    pub(crate) is_of_relay_alone: bool,
    /// Whether the rows of other kinds are derived from its rows, so that it comes first.
    pub(crate) comes_first: bool,
}

impl Kind {
    /// All entries, as a rebuild derives them.
    pub(crate) fn everything(&self) -> Touched {
        let mut touched = Touched::default();
        self.maps.iter().for_each(|map| touched.add_whole(map));
        touched
    }
}

const CAMPAIGN: Kind = Kind {
    maps: &campaign_map::ALL,
    merged_whole: &[],
    tables: &["campaign", "script", "member", "turf", "wave", "wave_undone", "round"],
    project: project::campaign::project,
    budget: Budget::CAMPAIGN,
    is_of_relay_alone: true,
    comes_first: true,
};

const TURF: Kind = Kind {
    maps: &turf_map::ALL,
    // A losing answer may appear or disappear without changing the visible one.
    merged_whole: &[turf_map::ANSWERS],
    tables: &[
        "turf_doc",
        "visit",
        "visit_hour",
        "retraction",
        "asked",
        "answer",
        "conflict",
        "note",
        "retracted_note",
        "flag",
        "every_person",
        "walker",
        "broken_law",
    ],
    project: project::turf::project,
    budget: Budget::TURF,
    is_of_relay_alone: false,
    comes_first: false,
};

const OFFICE: Kind = Kind {
    maps: &office_map::ALL,
    merged_whole: &[],
    tables: &["goal", "saved_list", "frozen_part"],
    project: project::office::project,
    budget: Budget::OFFICE,
    is_of_relay_alone: true,
    comes_first: false,
};

/// Stored and synced, but only a newer version can derive rows from it.
const UNKNOWN: Kind = Kind {
    maps: &[],
    merged_whole: &[],
    tables: &[],
    project: |_, _, _, _| Ok(BTreeSet::new()),
    budget: Budget::UNKNOWN,
    is_of_relay_alone: false,
    comes_first: false,
};

/// The row of a kind.
pub(crate) const fn of(kind: DocKind) -> &'static Kind {
    match kind {
        DocKind::Campaign => &CAMPAIGN,
        DocKind::Turf => &TURF,
        DocKind::Office => &OFFICE,
        DocKind::Unknown(_) => &UNKNOWN,
    }
}
