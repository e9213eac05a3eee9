//! Cutting turf, and the map on which that is done.

use super::walk::MapStop;
use crate::id::{JobId, TurfId};
use crate::place::{Bounds, LonLat, MapSheet};
use crate::turf::{CutArea, TurfDraft};
use serde::{Deserialize, Serialize};

calls! {
    Call of Cut: CutCall;
    OfficeGround -> OfficeGroundView, act Oversee, reads [Import, Turf];
    StopsWithin -> Vec<MapStop>, act Oversee, reads [Import, Turf, Visits];
    Precincts -> Vec<PrecinctRow>, act Cut, reads [Import, Turf];
    PreviewCut -> CutPreview, act Cut, reads [];
    CutTurf -> CutDone, act Cut, reads [];
}

/// Asks for the ground of the office's map: what changes with imports and cuts, and not with visits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfficeGround {}

/// The ground of the office's map.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OfficeGroundView {
    /// Streets and areas.
    pub sheet: MapSheet,
    /// Located stops that are in no turf.
    pub free: Vec<MapStop>,
    /// Turf outlines with names.
    pub turfs: Vec<(TurfId, String, Vec<LonLat>)>,
}

/// Asks for the stops of turf in one part of the map, with their states.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StopsWithin {
    /// The part in sight; `None` while the map is too far out to draw single stops, which then has none.
    pub within: Option<Bounds>,
}

/// Asks which precincts there are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Precincts {}

/// One precinct.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PrecinctRow {
    /// As the voter file writes it.
    pub precinct: String,
    /// Located doors in no turf yet.
    pub n_free: u32,
    /// Doors in all.
    pub n_doors: u32,
}

/// Previews a cut; changes nothing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PreviewCut {
    /// Which doors.
    pub area: CutArea,
    /// About how many doors each: within [`crate::turf::DOORS_PER_TURF`].
    pub doors_per_turf: u32,
    /// The names' beginning, e.g. `Riverside`; numbers follow.
    pub name: String,
    /// For progress and cancelling.
    pub job: JobId,
}

/// What a cut would give.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CutPreview {
    /// The turf.
    pub turfs: Vec<TurfDraft>,
    /// Doors in the area that have no point and so come into no turf.
    pub n_unlocated: u32,
    /// Doors in the area that are in a turf already.
    pub n_taken: u32,
}

/// Cuts turf: makes its documents and packs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CutTurf {
    /// As in [`PreviewCut`]; the same input gives the same turf.
    pub area: CutArea,
    /// About how many doors each.
    pub doors_per_turf: u32,
    /// The names' beginning.
    pub name: String,
    /// For progress and cancelling.
    pub job: JobId,
}

/// The turf that was cut.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CutDone {
    /// The turf, in the order of the preview.
    pub turfs: Vec<TurfId>,
}
