//! Lays out a turf in walking order: its stops, and for each door its residents and its state.

use crate::error::EngineError;
use crate::store::field::dangers::StandingDanger;
use crate::store::field::doors::{self, DoorRow};
use crate::store::field::gone::{self, GoneMarks};
use crate::store::field::people::{self, Resident};
use crate::store::field::standing::Standing;
use crate::store::field::turfs::TurfRow;
use crate::store::field::visits::{self, VisitMark};
use porchlight_model::calls::door::Danger;
use porchlight_model::calls::walk::Stop;
use porchlight_model::id::{BuildingId, DoorId, MemberId, VoterId};
use porchlight_model::message::{ApiError, ErrorCode, Message};
use porchlight_model::place::LonLat;
use porchlight_model::time::At;
use porchlight_model::visit::{About, DoorState, Flag, Mark, Outcome, PersonState, Resident as PersonHere};
use rusqlite::Connection;
use std::collections::{BTreeMap, BTreeSet};

/// A turf's layout.
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
    /// The state of each resident, in the same order.
    pub(crate) persons: Vec<PersonState>,
    /// The visits that were not taken back, in order of time.
    pub(crate) visits: Vec<VisitMark>,
    pub(crate) state: DoorState,
    /// The danger, if the door itself or one of its residents is flagged as one.
    pub(crate) danger: Option<Danger>,
}

impl LaidDoor {
    /// Whether someone is left to meet, and no flag forbids knocking.
    pub(crate) const fn is_to_do(&self) -> bool {
        self.state.is_to_do()
    }

    /// Whether there was a visit, and nobody is left to meet.
    pub(crate) fn is_done(&self) -> bool {
        !self.visits.is_empty() && !self.is_to_do()
    }

    /// The residents to meet, those who are left first.
    fn wanted(&self) -> impl Iterator<Item = &Resident> {
        let of = move |is_left: bool| {
            let both = self.residents.iter().zip(&self.persons);
            both.filter(move |(_, state)| !state.is_out() && (**state == PersonState::ToMeet) == is_left)
        };
        of(true).chain(of(false)).map(|(resident, _)| resident)
    }

    /// The names of the residents to meet, those who are left first.
    pub(crate) fn names(&self) -> Vec<String> {
        self.wanted().map(|resident| resident.name.clone()).collect()
    }

    /// Their ids, in the same order.
    pub(crate) fn voters(&self) -> Vec<VoterId> {
        self.wanted().map(|resident| resident.voter).collect()
    }

    /// The names of those who are left to meet; empty if a flag forbids knocking.
    pub(crate) fn left(&self) -> Vec<String> {
        let both = self.residents.iter().zip(&self.persons);
        let left = both.filter(|(_, state)| self.is_to_do() && **state == PersonState::ToMeet);
        left.map(|(resident, _)| resident.name.clone()).collect()
    }

    /// The danger at this door, among `dangers`: that of the door, or else that of a resident.
    fn danger_of(&self, dangers: &BTreeMap<About, StandingDanger>) -> Option<Danger> {
        let persons = self.residents.iter().map(|resident| About::Voter(resident.voter));
        let mut all = std::iter::once(About::Door(self.row.id)).chain(persons);
        all.find_map(|about| dangers.get(&about)).map(StandingDanger::in_short)
    }
}

/// One stop of a layout: a house, or a building at the place of its first unit.
pub(crate) struct LaidStop {
    pub(crate) stop: Stop,
    /// Its coordinates: a building's entrance, or a house's point.
    pub(crate) at: Option<LonLat>,
    /// Indices of its doors, in walking order; never empty.
    pub(crate) doors: Vec<usize>,
}

/// Lays out a turf. Doors, people and visits are read with one query each; `standing` has the flags and dangers in force.
///
/// # Errors
/// When the turf's doors are not here yet, or the database fails.
pub(crate) fn lay_out(conn: &Connection, turf: TurfRow, standing: &Standing) -> Result<Layout, EngineError> {
    let rows = doors::of_turf(conn, turf.turf)?;
    if rows.is_empty() {
        return Err(EngineError::Told(ApiError::new(ErrorCode::NotFound, Message::new("error-turf-not-ready"))));
    }
    let index: BTreeMap<DoorId, usize> = rows.iter().enumerate().map(|(index, row)| (row.id, index)).collect();
    let mut doors: Vec<LaidDoor> = rows
        .into_iter()
        .map(|row| LaidDoor {
            row,
            residents: Vec::new(),
            persons: Vec::new(),
            visits: Vec::new(),
            state: DoorState::Todo,
            danger: None,
        })
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
    let gone = gone::before(conn, turf.turf, turf.doc)?;
    let told = (&standing.flags, &gone);
    for door in &mut doors {
        let here = Household {
            door: door.row.id,
            residents: door.residents.iter().map(|of| resident(door.row.id, of.voter, of.added_at, told)).collect(),
            outcomes: door.visits.iter().filter_map(VisitMark::outcome).collect(),
        };
        door.persons = here.persons();
        door.state = here.state(&standing.flags);
        door.danger = door.danger_of(&standing.dangers);
    }
    let stops = group(&doors);
    Ok(Layout { turf, doors, stops })
}

/// The facts from which the state of a door is derived.
pub(crate) struct Household {
    door: DoorId,
    residents: Vec<PersonHere>,
    outcomes: Vec<Outcome>,
}

impl Household {
    /// Reads one door.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) fn read(
        conn: &Connection,
        turf: Option<&TurfRow>,
        door: DoorId,
        standing: &BTreeMap<About, BTreeSet<Flag>>,
    ) -> Result<Self, EngineError> {
        let gone = turf.map_or_else(|| Ok(GoneMarks::default()), |turf| gone::before(conn, turf.turf, turf.doc))?;
        let people = people::of_door(conn, door)?;
        let residents =
            people.into_iter().map(|(voter, added_at)| resident(door, voter.id, added_at, (standing, &gone))).collect();
        let outcomes = turf.map_or_else(|| Ok(Vec::new()), |turf| visits::outcomes_at(conn, turf.doc, door))?;
        Ok(Self { door, residents, outcomes })
    }

    /// The state of each person, in the order in which they are listed.
    pub(crate) fn persons(&self) -> Vec<PersonState> {
        self.residents.iter().map(|person| PersonState::of(person, &self.outcomes)).collect()
    }

    /// The state of the door. A danger from one person is a danger at the door.
    pub(crate) fn state(&self, standing: &BTreeMap<About, BTreeSet<Flag>>) -> DoorState {
        let has = |about: About, flag: Flag| standing.get(&about).is_some_and(|flags| flags.contains(&flag));
        let here = About::Door(self.door);
        let mut flags = Vec::new();
        let is_from_person = self.residents.iter().any(|person| has(About::Voter(person.voter), Flag::Danger));
        if has(here, Flag::Danger) || is_from_person {
            flags.push(Flag::Danger);
        }
        if has(here, Flag::DoNotContact) {
            flags.push(Flag::DoNotContact);
        }
        DoorState::of(&self.residents, &self.outcomes, &flags)
    }
}

fn resident(
    door: DoorId,
    voter: VoterId,
    added_at: Option<At>,
    (standing, gone): (&BTreeMap<About, BTreeSet<Flag>>, &GoneMarks),
) -> PersonHere {
    PersonHere {
        voter,
        added_at,
        is_closed: standing.get(&About::Voter(voter)).is_some_and(|flags| flags.contains(&Flag::DoNotContact)),
        gone: gone.of(voter, door).map(|mark| (mark.gone, mark.at)),
    }
}

/// Groups doors into stops: a building's units become one stop at the position of the first.
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

    /// The house number of a stop.
    pub(crate) fn number_at(&self, stop: usize) -> &str {
        self.stops[stop].doors.first().map_or("", |door| self.doors[*door].row.number.as_str())
    }

    /// How many doors of a stop are still to do.
    pub(crate) fn n_left(&self, stop: &LaidStop) -> usize {
        self.doors_at(stop).filter(|door| door.is_to_do()).count()
    }

    /// The state of a stop: `Todo` while any door is, else `Part` while any door is; otherwise that of most of its doors, and among equals the later
    /// in the legend.
    pub(crate) fn state_at(&self, stop: &LaidStop) -> DoorState {
        let has = |state: DoorState| self.doors_at(stop).any(|door| door.state == state);
        if let Some(open) = [DoorState::Todo, DoorState::Part].into_iter().find(|state| has(*state)) {
            return open;
        }
        let n_of = |state: DoorState| self.doors_at(stop).filter(|door| door.state == state).count();
        DoorState::ALL.into_iter().max_by_key(|state| n_of(*state)).unwrap_or_default()
    }

    /// The map mark of a stop: a building's is [`Mark::Part`] while some of its doors are done and some are not, else that of most of them.
    pub(crate) fn mark_at(&self, stop: &LaidStop) -> Mark {
        let marks: Vec<Mark> = self.doors_at(stop).map(|door| door.state).collect();
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

    /// The danger at a stop: the first in the order of its doors; in a building it names the unit.
    pub(crate) fn danger_at(&self, stop: &LaidStop) -> Option<Danger> {
        let (door, danger) = self.doors_at(stop).find_map(|door| Some((door, door.danger.clone()?)))?;
        let unit = match stop.stop {
            Stop::Door(_) => String::new(),
            Stop::Building(_) => door.row.unit.clone(),
        };
        Some(Danger { unit, ..danger })
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

    /// The next stop with a door to do, starting with `from` and wrapping around. Doors where nobody was met come
    /// first; those where someone was met and someone is left follow when all others are done, with `from` itself last.
    pub(crate) fn next_from(&self, from: usize) -> Option<usize> {
        self.first_of(DoorState::Todo, self.round(from))
            .or_else(|| self.first_of(DoorState::Part, self.round(from + 1)))
    }

    /// The next stop with a door to do after `here`, wrapping around; never `here` itself.
    pub(crate) fn next_after(&self, here: usize) -> Option<usize> {
        let others = || self.round(here + 1).filter(move |stop| *stop != here);
        self.first_of(DoorState::Todo, others()).or_else(|| self.first_of(DoorState::Part, others()))
    }

    /// Every stop once, starting with `from` and wrapping around.
    fn round(&self, from: usize) -> impl Iterator<Item = usize> {
        let from = from.min(self.stops.len());
        (from..self.stops.len()).chain(0..from)
    }

    fn first_of(&self, state: DoorState, mut stops: impl Iterator<Item = usize>) -> Option<usize> {
        stops.find(|stop| self.doors_at(&self.stops[*stop]).any(|door| door.state == state))
    }
}
