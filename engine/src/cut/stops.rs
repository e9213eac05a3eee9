//! Stops, which a cut never divides (a house, or a building with all its units), and the street faces on which they lie.

use crate::import::address::number;
use crate::import::homes::Keys;
use porchlight_model::id::BuildingId;
use porchlight_model::place::{LonLat, Side};
use porchlight_model::unit;
use porchlight_model::voter::Door;
use std::collections::BTreeMap;

/// One stop: the doors behind one entrance.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Stop {
    /// Its doors, units in order; never empty.
    pub(crate) doors: Vec<Door>,
    /// Where it is.
    pub(crate) at: LonLat,
    /// The keys of its street and its town.
    street: (String, String),
}

impl Stop {
    fn first(&self) -> &Door {
        &self.doors[0]
    }

    /// The street face: street, however it is spelled, town and side.
    pub(crate) fn face(&self) -> (&str, &str, Side) {
        (&self.street.0, &self.street.1, self.first().side)
    }

    /// The sort key of stops along a face: the house number by its value.
    pub(crate) fn number(&self) -> (u64, &str) {
        number::order(&self.first().number)
    }
}

/// Groups doors into stops, in the order of their faces and numbers. Doors without coordinates are left out.
pub(crate) fn group(doors: Vec<Door>) -> Vec<Stop> {
    let mut keys = Keys::default();
    let mut of_building: BTreeMap<BuildingId, Stop> = BTreeMap::new();
    let mut stops = Vec::new();
    for door in doors {
        let Some(at) = door.at else { continue };
        match door.building {
            Some(building) => {
                let stop = of_building.entry(building).or_insert_with(|| {
                    let street = (keys.street(&door).to_owned(), keys.town(&door).to_owned());
                    Stop { doors: Vec::new(), at, street }
                });
                stop.doors.push(door);
            }
            None => {
                let street = (keys.street(&door).to_owned(), keys.town(&door).to_owned());
                stops.push(Stop { doors: vec![door], at, street });
            }
        }
    }
    stops.extend(of_building.into_values());
    for stop in &mut stops {
        stop.doors.sort_by_cached_key(|door| (unit::order(&door.unit), door.id));
    }
    stops.sort_by(|a, b| (a.face(), a.number(), a.first().id).cmp(&(b.face(), b.number(), b.first().id)));
    stops
}

/// Divides stops, in the order of [`group`], into runs along one face without a gap longer than `gap_m` metres.
pub(crate) fn runs(stops: Vec<Stop>, gap_m: f64) -> Vec<Vec<Stop>> {
    let mut runs: Vec<Vec<Stop>> = Vec::new();
    for stop in stops {
        let goes_on = runs
            .last()
            .and_then(|run| run.last())
            .is_some_and(|last| last.face() == stop.face() && last.at.distance_m(stop.at) <= gap_m);
        match runs.last_mut() {
            Some(run) if goes_on => run.push(stop),
            _ => runs.push(vec![stop]),
        }
    }
    runs
}
