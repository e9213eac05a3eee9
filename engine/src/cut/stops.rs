//! What is never cut apart: a house, or a building with all its units; and the street faces that stops line up on.

use porchlight_model::id::BuildingId;
use porchlight_model::place::{LonLat, Side};
use porchlight_model::voter::Door;
use std::collections::BTreeMap;

/// One stop: the doors behind one entrance.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Stop {
    /// Its doors, units in order; never empty.
    pub(crate) doors: Vec<Door>,
    /// Where it is.
    pub(crate) at: LonLat,
}

impl Stop {
    fn first(&self) -> &Door {
        &self.doors[0]
    }

    /// The street face: street and side, and the number along it.
    pub(crate) fn face(&self) -> (&str, Side) {
        (&self.first().street, self.first().side)
    }

    /// The house number that orders stops along a face.
    pub(crate) fn number(&self) -> (u32, &str) {
        let text = &self.first().number;
        (crate::import::address::leading_number(text).unwrap_or_default(), text)
    }
}

/// Doors to stops, in the order of their faces and numbers. Doors without a point are left out.
pub(crate) fn group(doors: Vec<Door>) -> Vec<Stop> {
    let mut of_building: BTreeMap<BuildingId, Stop> = BTreeMap::new();
    let mut stops = Vec::new();
    for door in doors {
        let Some(at) = door.at else { continue };
        match door.building {
            Some(building) => {
                of_building.entry(building).or_insert_with(|| Stop { doors: Vec::new(), at }).doors.push(door);
            }
            None => stops.push(Stop { doors: vec![door], at }),
        }
    }
    stops.extend(of_building.into_values());
    for stop in &mut stops {
        stop.doors.sort_by(|a, b| (a.unit.len(), &a.unit, a.id).cmp(&(b.unit.len(), &b.unit, b.id)));
    }
    stops.sort_by(|a, b| (a.face(), a.number(), a.first().id).cmp(&(b.face(), b.number(), b.first().id)));
    stops
}

/// Stops in the order of [`group`], as runs along one face without a gap longer than `gap_m` metres.
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
