//! The campaign as captains and coordinators see it: how it stands, one turf, one voter.

use super::door::{HistoryItem, VoterView};
use crate::id::{DeviceId, DoorId, MemberId, TurfId, VoterId, WaveId};
use crate::time::At;
use crate::turf::TurfEntry;
use crate::visit::DoorState;
use crate::voter::Door;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

calls! {
    Call of Office: OfficeCall;
    Dashboard -> DashboardView, act Oversee, reads [Turf, Visits, Roster, Sync];
    OpenTurf -> TurfView, act Oversee, reads [Turf, Visits, Roster];
    WaveBoard -> DashboardView, act Oversee, reads [Turf, Visits, Roster, Sync];
    Days -> Vec<Day>, act Oversee, reads [Turf, Visits];
    Search -> FoundPage, act Walk, reads [Import, Turf, Visits];
    VoterHistory -> HistoryView, act Oversee, reads [Visits, Turf];
}

/// Asks how a wave stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WaveBoard {
    /// The wave: one that is not erased.
    pub wave: WaveId,
}

/// Asks how many doors were knocked on day by day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Days {
    /// The wave; `None` for the current one.
    pub wave: Option<WaveId>,
    /// What the person's clock is ahead of UTC, in milliseconds: days begin at their midnight, to the hour.
    pub offset_ms: i64,
}

/// One day on which something was recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Day {
    /// Days since 1970.
    pub day: i64,
    /// Attempts: visits that were not taken back.
    pub n_attempts: u32,
    /// Those at which someone was met.
    pub n_contacts: u32,
}

/// Requests the dashboard.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dashboard {}

/// The dashboard.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DashboardView {
    /// Over all turf.
    pub totals: Tally,
    /// Each turf, by name with numbers in order.
    pub turfs: Vec<TurfRow>,
    /// Devices of canvassers heard from in the last 15 minutes.
    pub n_out_now: u32,
    /// Conflicts that wait.
    pub n_conflicts: u32,
}

/// Totals, counted in doors and voters, not in visits, unless the name says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Tally {
    /// Doors in all.
    pub n_doors: u32,
    /// Doors with at least one visit that was not retracted.
    pub n_done: u32,
    /// Attempts: visits not retracted.
    pub n_attempts: u32,
    /// Doors where someone was met.
    pub n_contacts: u32,
    /// Voters with an answer that counts as support.
    pub n_supporters: u32,
}

/// One turf in the table.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TurfRow {
    /// The turf.
    pub turf: TurfId,
    /// Its name.
    pub name: String,
    /// Whether its document and pack are on this device. Otherwise nothing is known of it yet, and the counts below are empty.
    pub is_here: bool,
    /// Who holds it: names of canvassers with a device that does.
    pub walkers: Vec<String>,
    /// Estimated minutes.
    pub minutes: u32,
    /// What was done.
    pub tally: Tally,
    /// Doors by state.
    pub by_state: BTreeMap<DoorState, u32>,
    /// When the relay last heard from a device that holds it.
    pub last_heard: Option<At>,
    /// Conflicts that wait.
    pub n_conflicts: u32,
}

/// Asks for one turf in the side panel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenTurf {
    /// The turf.
    pub turf: TurfId,
}

/// One turf in the side panel.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TurfView {
    /// Its row.
    pub row: TurfRow,
    /// Its entry in the campaign's list.
    pub entry: TurfEntry,
    /// Who holds it.
    pub holders: Vec<Holder>,
}

/// A device that holds a turf.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holder {
    /// The device.
    pub device: DeviceId,
    /// Whose.
    pub member: MemberId,
    /// Their name.
    pub name: String,
    /// When the relay last heard from it.
    pub last_heard: Option<At>,
    /// Doors of this turf that the member has visited.
    pub n_doors: u32,
    /// The address of their last visit; empty before the first.
    pub last_address: String,
    /// When that was.
    pub last_visit_at: Option<At>,
}

/// How many finds are counted; there may be more.
pub const MAX_COUNTED: u32 = 10_000;

/// Searches people by the beginnings of words of their name and address, by the last digits of a telephone number, and by the id in the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Search {
    /// What was typed.
    pub text: String,
    /// The most hits wanted: at most 100.
    pub limit: u32,
    /// Where the page before ended; `None` for the first.
    pub after: Option<FoundUpTo>,
}

/// How far finds were listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct FoundUpTo {
    /// Which finds: 0 people added at doors, telephone numbers and ids; 1 whole words; 2 words that begin so.
    pub stage: u8,
    /// The last row of those.
    pub row: i64,
}

/// One page of finds.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct FoundPage {
    /// The hits: whole words come before beginnings.
    pub hits: Vec<Hit>,
    /// How many there are in all, counted up to [`MAX_COUNTED`].
    pub n_found: u32,
    /// Where the page ended; `None` when nothing comes after it.
    pub next: Option<FoundUpTo>,
}

/// One hit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Hit {
    /// The voter.
    pub voter: VoterId,
    /// Their name.
    pub name: String,
    /// The door.
    pub door: DoorId,
    /// Its address.
    pub address: String,
    /// Its state.
    pub state: DoorState,
    /// The turf's name; empty when in none.
    pub turf: String,
}

/// Asks for one voter's record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VoterHistory {
    /// The voter.
    pub voter: VoterId,
}

/// One voter's record.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct HistoryView {
    /// The voter.
    pub voter: VoterView,
    /// Their door.
    pub door: Door,
    /// The turf's name; empty when in none.
    pub turf: String,
    /// What happened to them and at their door, newest first.
    pub history: Vec<HistoryItem>,
    /// Who else is listed behind their door.
    pub household: Vec<Housemate>,
}

/// Somebody else behind a voter's door.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Housemate {
    /// Who.
    pub voter: VoterId,
    /// Their name.
    pub name: String,
    /// Their age where the file has it.
    pub age: Option<u8>,
    /// Their party; empty where there is none.
    pub party: String,
}
