//! Calls of captains and coordinators.

use crate::calls::field::{HistoryItem, MapStop, VoterView};
use crate::id::{DeviceId, DoorId, JobId, MemberId, QuestionId, TurfId, VisitId, VoterId};
use crate::member::Role;
use crate::place::{LonLat, MapSheet};
use crate::relay::RosterDevice;
use crate::script::Script;
use crate::time::At;
use crate::turf::{CutArea, TurfDraft, TurfEntry};
use crate::visit::DoorState;
use crate::voter::Door;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

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

/// Asks for the office's map.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfficeMap {}

/// The office's map.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OfficeMapView {
    /// Streets and areas.
    pub sheet: MapSheet,
    /// All located stops.
    pub stops: Vec<MapStop>,
    /// Turf outlines with names.
    pub turfs: Vec<(TurfId, String, Vec<LonLat>)>,
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

/// The preview of a cut.
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

/// Shows the link that hands one turf to a canvasser: the one that this device made before while it is open, else a new one. Needs the relay.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandOut {
    /// The turf.
    pub turf: TurfId,
    /// For how many phones.
    pub uses: u32,
    /// For how many minutes.
    pub minutes: u32,
}

/// Makes an invite to a role; needs the relay.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invite {
    /// The role: captain or coordinator.
    pub role: Role,
    /// For how many minutes.
    pub minutes: u32,
}

/// An invite as link and QR.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InviteLink {
    /// `https://relay/join#secret`.
    pub link: String,
    /// The QR code's modules, row by row, `true` for dark; without the quiet zone.
    pub qr: Vec<Vec<bool>>,
    /// When it ends.
    pub expires_at: At,
    /// Whether it was made before, and is shown again.
    pub is_again: bool,
}

/// Takes a turf back from a device; needs the relay. The device hands in what it holds, then drops the turf.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TakeBack {
    /// The turf.
    pub turf: TurfId,
    /// The device.
    pub device: DeviceId,
}

/// Asks who is enrolled; what the relay last told is shown when it cannot be reached.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Roster {}

/// Who is enrolled.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RosterView {
    /// When the relay told this.
    pub as_of: Option<At>,
    /// The devices, with the names of the turf each holds.
    pub devices: Vec<(RosterDevice, Vec<String>)>,
}

/// Asks for the script in force.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GetScript {}

/// Puts a new version of the script in force; its id is made anew.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SaveScript {
    /// The script; [`Script::check`] must pass.
    pub script: Script,
}

/// Searches voters and addresses by the beginnings of words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Search {
    /// What was typed.
    pub text: String,
    /// The most hits wanted: at most 100.
    pub limit: u32,
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
}

/// Asks for the conflicts that wait.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conflicts {}

/// A conflict: different answers that were recorded concurrently.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ConflictView {
    /// The turf.
    pub turf: TurfId,
    /// The voter.
    pub voter: VoterId,
    /// Their name.
    pub name: String,
    /// Their address.
    pub address: String,
    /// The question.
    pub question: QuestionId,
    /// Its title.
    pub title: String,
    /// Its text, as the newest script has it.
    pub text: String,
    /// The answers, by time.
    pub sides: Vec<ConflictSide>,
    /// What else happened, newest first.
    pub history: Vec<HistoryItem>,
}

/// One answer of a conflict.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConflictSide {
    /// The stored answer.
    pub value: String,
    /// What was asked when it was given: it may have been reworded since.
    pub text: String,
    /// The answer in the words that stood on the canvasser's screen.
    pub label: String,
    /// The visit at which it was said, if known.
    pub visit: Option<VisitId>,
    /// Who recorded it.
    pub by_name: String,
    /// When.
    pub at: Option<At>,
    /// Notes by that person about that voter or door on that day.
    pub notes: Vec<String>,
}

/// Settles a conflict; reaches the phones with their next sync.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settle {
    /// The turf.
    pub turf: TurfId,
    /// The voter.
    pub voter: VoterId,
    /// The question.
    pub question: QuestionId,
    /// The answer to keep; `None` for neither: the question is open again.
    pub keep: Option<String>,
}
