//! Lays a turf out as the walker meets it: stops in walking order, each door with who lives there and its state.

use crate::error::EngineError;
use crate::store::field::doors::{self, DoorRow};
use crate::store::field::people::{self, Resident};
use crate::store::field::turfs::TurfRow;
use crate::store::field::visits::{self, VisitMark};
use crate::store::field::{dangers, flags};
use porchlight_model::calls::field::{Danger, Stop};
use porchlight_model::id::{BuildingId, DoorId, MemberId, VoterId};
use porchlight_model::message::{ApiError, ErrorCode, Message};
use porchlight_model::place::LonLat;
use porchlight_model::visit::{About, DoorState, Flag, Mark, ResultCode};
use rusqlite::Connection;
use std::collections::{BTreeMap, BTreeSet};

/// A turf laid out.
pub(crate) struct Layout {
    /// The turf.
    pub(crate) turf: TurfRow,
    /// Its doors in walking order.
    pub(crate) doors: Vec<LaidDoor>,
    /// Its stops in walking order.
    pub(crate) stops: Vec<LaidStop>,
}

/// One door of a layout.
pub(crate) struct LaidDoor {
    pub(crate) row: DoorRow,
    pub(crate) residents: Vec<Resident>,
    /// Visits that were not taken back, in order of time.
    pub(crate) visits: Vec<VisitMark>,
    pub(crate) state: DoorState,
    /// What the danger is, where the door itself or someone behind it is one.
    pub(crate) danger: Option<Danger>,
}

impl LaidDoor {
    /// Whether nobody has knocked, and nothing says that nobody should.
    pub(crate) fn is_to_do(&self) -> bool {
        self.state == DoorState::Todo
    }

    /// Its mark.
    pub(crate) fn mark(&self) -> Mark {
        let results: Vec<ResultCode> = self.visits.iter().filter_map(|visit| visit.result).collect();
        Mark::of(self.state, &results)
    }
}

/// One stop of a layout: a house, or a building at the place of its first unit.
pub(crate) struct LaidStop {
    pub(crate) stop: Stop,
    /// Where it stands: a building's entrance, a house's point.
    pub(crate) at: Option<LonLat>,
    /// Indices of its doors, in walking order; never empty.
    pub(crate) doors: Vec<usize>,
}

/// Lays out a turf: doors, people, visits and flags, each read at once.
///
/// # Errors
/// When the turf's doors are not here yet, or the database fails.
pub(crate) fn lay_out(conn: &Connection, turf: TurfRow) -> Result<Layout, EngineError> {
    let rows = doors::of_turf(conn, turf.turf)?;
    if rows.is_empty() {
        return Err(EngineError::Told(ApiError::new(ErrorCode::NotFound, Message::new("error-turf-not-ready"))));
    }
    let index: BTreeMap<DoorId, usize> = rows.iter().enumerate().map(|(index, row)| (row.id, index)).collect();
    let mut doors: Vec<LaidDoor> = rows
        .into_iter()
        .map(|row| LaidDoor { row, residents: Vec::new(), visits: Vec::new(), state: DoorState::Todo, danger: None })
        .collect();
    for resident in people::of_turf(conn, turf.turf)? {
        if let Some(&door) = index.get(&resident.door) {
            doors[door].residents.push(resident);
        }
    }
    for visit in visits::of_turf(conn, turf.doc)? {
        if let Some(&door) = index.get(&visit.door) {
            doors[door].visits.push(visit);
        }
    }
    let standing = flags::standing(conn)?;
    let dangers = dangers::standing(conn)?;
    for door in &mut doors {
        let residents: Vec<VoterId> = door.residents.iter().map(|resident| resident.voter).collect();
        let results: Vec<ResultCode> = door.visits.iter().filter_map(|visit| visit.result).collect();
        door.state = state_of(door.row.id, &residents, &results, &standing);
        door.danger = danger_of(door.row.id, &residents, &dangers);
    }
    let stops = group(&doors);
    Ok(Layout { turf, doors, stops })
}

/// The state of one door of a turf, read by itself.
///
/// # Errors
/// When the database fails.
pub(crate) fn state_of_door(
    conn: &Connection,
    turf: Option<&TurfRow>,
    door: DoorId,
    standing: &BTreeMap<About, BTreeSet<Flag>>,
) -> Result<DoorState, EngineError> {
    let residents: Vec<VoterId> = people::of_door(conn, door)?.into_iter().map(|(voter, _)| voter.id).collect();
    let results = turf.map_or_else(|| Ok(Vec::new()), |turf| visits::results_at(conn, turf.doc, door))?;
    Ok(state_of(door, &residents, &results, standing))
}

/// The state of a door. A danger from one person is a danger at the door; one person's wish not to be contacted closes
/// the door only when everyone behind it has it.
fn state_of(
    door: DoorId,
    residents: &[VoterId],
    results: &[ResultCode],
    standing: &BTreeMap<About, BTreeSet<Flag>>,
) -> DoorState {
    let has = |about: About, flag: Flag| standing.get(&about).is_some_and(|flags| flags.contains(&flag));
    let mut voters = residents.iter().map(|voter| About::Voter(*voter));
    let here = About::Door(door);
    let mut flags = Vec::new();
    if has(here, Flag::Danger) || voters.clone().any(|voter| has(voter, Flag::Danger)) {
        flags.push(Flag::Danger);
    }
    let is_nobody_left = !residents.is_empty() && voters.all(|voter| has(voter, Flag::DoNotContact));
    if has(here, Flag::DoNotContact) || is_nobody_left {
        flags.push(Flag::DoNotContact);
    }
    DoorState::of(results, &flags)
}

/// The danger at a door, or else from someone behind it.
fn danger_of(door: DoorId, residents: &[VoterId], dangers: &BTreeMap<About, Danger>) -> Option<Danger> {
    let here = std::iter::once(About::Door(door)).chain(residents.iter().map(|voter| About::Voter(*voter)));
    here.filter_map(|about| dangers.get(&about)).next().cloned()
}

/// Doors to stops: a building's units collapse into one stop where the first of them is met.
fn group(doors: &[LaidDoor]) -> Vec<LaidStop> {
    let mut n_units: BTreeMap<BuildingId, usize> = BTreeMap::new();
    for building in doors.iter().filter_map(|door| door.row.building) {
        *n_units.entry(building).or_default() += 1;
    }
    let mut stops: Vec<LaidStop> = Vec::new();
    let mut stop_of: BTreeMap<BuildingId, usize> = BTreeMap::new();
    for (index, LaidDoor { row, .. }) in doors.iter().enumerate() {
        let building = row.building.filter(|building| n_units.get(building).is_some_and(|n| *n > 1));
        let Some(building) = building else {
            stops.push(LaidStop { stop: Stop::Door(row.id), at: row.at.or(row.entrance), doors: vec![index] });
            continue;
        };
        if let Some(&stop) = stop_of.get(&building) {
            stops[stop].doors.push(index);
        } else {
            stop_of.insert(building, stops.len());
            let at = row.entrance.or(row.at);
            stops.push(LaidStop { stop: Stop::Building(building), at, doors: vec![index] });
        }
    }
    stops
}

impl Layout {
    /// The doors of a stop, in walking order.
    pub(crate) fn doors_at<'a>(&'a self, stop: &'a LaidStop) -> impl Iterator<Item = &'a LaidDoor> {
        stop.doors.iter().map(|&door| &self.doors[door])
    }

    /// How many doors of a stop are still to do.
    pub(crate) fn n_left(&self, stop: &LaidStop) -> usize {
        self.doors_at(stop).filter(|door| door.is_to_do()).count()
    }

    /// The state of a stop: `Todo` while a door is; otherwise that of most of its doors, the later in a legend among equals.
    pub(crate) fn state_at(&self, stop: &LaidStop) -> DoorState {
        if self.n_left(stop) > 0 {
            return DoorState::Todo;
        }
        let n_of = |state: DoorState| self.doors_at(stop).filter(|door| door.state == state).count();
        DoorState::ALL.into_iter().max_by_key(|state| n_of(*state)).unwrap_or_default()
    }

    /// The mark of a stop: a building's is [`Mark::Part`] while some of its doors are done and some to do, else that of most of them.
    pub(crate) fn mark_at(&self, stop: &LaidStop) -> Mark {
        let marks: Vec<Mark> = self.doors_at(stop).map(LaidDoor::mark).collect();
        match self.n_left(stop) {
            _ if marks.len() == 1 => marks.first().copied().unwrap_or_default(),
            0 => Mark::ALL
                .into_iter()
                .max_by_key(|mark| marks.iter().filter(|other| *other == mark).count())
                .unwrap_or_default(),
            n_left if n_left < marks.len() => Mark::Part,
            _ => Mark::Todo,
        }
    }

    /// The danger at a stop of one door; a building's units have their own.
    pub(crate) fn danger_at<'a>(&'a self, stop: &'a LaidStop) -> Option<&'a Danger> {
        match stop.stop {
            Stop::Door(_) => self.doors_at(stop).find_map(|door| door.danger.as_ref()),
            Stop::Building(_) => None,
        }
    }

    /// The stop of a door.
    pub(crate) fn stop_of(&self, door: DoorId) -> Option<usize> {
        let door = self.doors.iter().position(|laid| laid.row.id == door)?;
        self.stops.iter().position(|stop| stop.doors.contains(&door))
    }

    /// The stop that a member visited last, by the time of their visits.
    pub(crate) fn last_stop_of(&self, member: MemberId) -> Option<usize> {
        let visits = self.doors.iter().enumerate().flat_map(|(door, laid)| laid.visits.iter().map(move |v| (v, door)));
        let (_, door) = visits.filter(|(visit, _)| visit.by == member).max_by_key(|(visit, door)| (visit.at, *door))?;
        self.stops.iter().position(|stop| stop.doors.contains(&door))
    }

    /// The next stop with a door to do, counted from `from` on, going round to the first after the last.
    pub(crate) fn next_from(&self, from: usize) -> Option<usize> {
        let n_stops = self.stops.len();
        (from..n_stops).chain(0..from.min(n_stops)).find(|&stop| self.n_left(&self.stops[stop]) > 0)
    }

    /// The next stop with a door to do after `here`, going round to the first after the last; never `here` itself.
    pub(crate) fn next_after(&self, here: usize) -> Option<usize> {
        self.next_from(here + 1).filter(|next| *next != here)
    }
}
