//! A turf for the person who walks it: its list, its map, and the summary of a shift.

use super::door::Danger;
use crate::id::{BuildingId, DoorId, TurfId, VoterId};
use crate::place::{LonLat, MapSheet, Side};
use crate::time::At;
use crate::visit::{DoorState, Mark};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

calls! {
    Call of Walk: WalkCall;
    MyTurf -> Vec<TurfCard>, act Walk, reads [Turf, Visits];
    Walk -> WalkView, act Walk, reads [Turf, Visits, Drafts];
    TurfMap -> TurfMapView, act Walk, reads [Turf, Visits];
    ShiftReport -> ShiftView, act Walk, reads [Turf, Visits, Sync];
}

/// Asks which turf this device holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MyTurf {}

/// One turf on this device.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TurfCard {
    /// The turf.
    pub turf: TurfId,
    /// Its name.
    pub name: String,
    /// How many doors.
    pub n_doors: u32,
    /// How many of them were visited, with nobody left to meet.
    pub n_done: u32,
    /// Minutes of walking and knocking in all.
    pub minutes: u32,
    /// Whether its pack (doors, voters, map) is on this device.
    pub is_ready: bool,
    /// The name of a wave that has begun for this turf but was not handed to this device, which still records in an earlier one.
    pub new_wave: Option<String>,
}

/// Asks for a turf as a list in walking order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Walk {
    /// The turf.
    pub turf: TurfId,
}

/// A turf as a list in walking order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct WalkView {
    /// The turf.
    pub turf: TurfId,
    /// Its name.
    pub name: String,
    /// How many doors, units counted one by one.
    pub n_doors: u32,
    /// Doors by state; a state without doors may be missing.
    pub by_state: BTreeMap<DoorState, u32>,
    /// Doors where someone is left to meet.
    pub n_left: u32,
    /// Doors with a visit where nobody is left to meet. A door that nobody may knock on is neither left nor done until someone was there.
    pub n_done: u32,
    /// Estimated minutes for the doors still to do.
    pub minutes_left: u32,
    /// Doors an hour over this device's visits today, once there are enough for an estimate.
    pub doors_per_hour: Option<u32>,
    /// The index in `rows` of the next stop with a door to do; `None` when the turf is done.
    pub next: Option<usize>,
    /// The stops in walking order.
    pub rows: Vec<WalkRow>,
    /// As in [`TurfCard`].
    pub new_wave: Option<String>,
}

/// One stop: a house, or a building with its units.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct WalkRow {
    /// What stands there.
    pub stop: Stop,
    /// House number.
    pub number: String,
    /// Street name.
    pub street: String,
    /// For a house, the names of those who are or were to be met, those who are left first: without those who moved, died, or wish not to be
    /// contacted. Empty for a building.
    pub names: Vec<String>,
    /// Who they are, in the same order.
    pub voters: Vec<VoterId>,
    /// Of the names, those who are left to meet.
    pub left: Vec<String>,
    /// The state; for a building, that of most of its doors, `Todo` or else `Part` while one is to do.
    pub state: DoorState,
    /// Its mark; for a building [`Mark::Part`] while some of its doors are done and some to do.
    pub mark: Mark,
    /// The danger here, if there is one.
    pub danger: Option<Danger>,
    /// Whether a draft is open here: a talk, a note, a person being added.
    pub has_draft: bool,
    /// The side of the street.
    pub side: Side,
    /// When it was last visited.
    pub last_at: Option<At>,
    /// Doors here: 1 for a house.
    pub n_doors: u32,
    /// Doors here still to do.
    pub n_left: u32,
    /// The newest note about the door or building's doors, cut to 80 characters; empty where there is none.
    pub note: String,
    /// Metres from the stop before; 0 for the first.
    pub walk_m: u32,
    /// Where it stands.
    pub at: Option<LonLat>,
}

/// What stands at a stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", content = "id", rename_all = "snake_case")]
pub enum Stop {
    /// A house, or the only known unit of one.
    Door(DoorId),
    /// A building with several units.
    Building(BuildingId),
}

/// Asks for a turf as a map.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TurfMap {
    /// The turf.
    pub turf: TurfId,
}

/// A turf as a map.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TurfMapView {
    /// Its name.
    pub name: String,
    /// Streets and areas.
    pub sheet: MapSheet,
    /// The outline: a closed ring.
    pub outline: Vec<LonLat>,
    /// The way from stop to stop.
    pub route: Vec<LonLat>,
    /// The stops with their marks.
    pub stops: Vec<MapStop>,
}

/// One stop on a map.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MapStop {
    /// What stands there.
    pub stop: Stop,
    /// House number.
    pub number: String,
    /// Where.
    pub at: LonLat,
    /// Its state.
    pub state: DoorState,
    /// Its mark.
    pub mark: Mark,
    /// What the danger here is; empty where there is none.
    pub danger: String,
    /// Doors here.
    pub n_doors: u32,
}

/// Asks for the numbers of this device's shift, over all turf that it holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShiftReport {}

/// The numbers of this device's shift.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShiftView {
    /// The turf on which this device has recorded something, in the order in which they were cut.
    pub turfs: Vec<ShiftTurf>,
    /// Results recorded on this device (visits, notes, flags, people: one for each act).
    pub n_results: u32,
    /// How many of them a relay has committed.
    pub n_safe: u32,
    /// How many of those a coordinator's device has stored, too.
    pub n_seen: u32,
    /// Doors knocked by this member.
    pub n_doors: u32,
    /// Conversations.
    pub n_talked: u32,
    /// Supporters found: voters with an answer that counts as support.
    pub n_supporters: u32,
    /// People added.
    pub n_added: u32,
    /// From the first to the last visit, in minutes.
    pub minutes: u32,
}

/// Where the results on one turf are, as in [`ShiftView`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShiftTurf {
    /// The turf.
    pub turf: TurfId,
    /// Its name.
    pub name: String,
    /// Results recorded on this device.
    pub n_results: u32,
    /// How many of them a relay has committed.
    pub n_safe: u32,
    /// How many of those a coordinator's device has stored, too.
    pub n_seen: u32,
}
