//! Opens a building: its units by floor, and what the next walker should know.

use crate::engine::Engine;
use crate::error::EngineError;
use crate::store::field::{doors, notes, turfs};
use crate::walk::{LaidDoor, lay_out};
use porchlight_model::calls::field::{BuildingView, OpenBuilding, UnitRow};
use porchlight_model::id::{DoorId, VoterId};
use porchlight_model::visit::About;
use porchlight_model::voter::floor_of_unit;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// A building with those of its units that are in the turf.
///
/// # Errors
/// When the building is in no turf of this device.
pub fn building(engine: &mut Engine, call: &OpenBuilding) -> Result<BuildingView, EngineError> {
    engine.member()?;
    let conn = engine.conn();
    let gone = || EngineError::not_found("error-building-gone");
    let turf = turfs::of_building(conn, call.building)?.ok_or_else(gone)?;
    let building = doors::building(conn, call.building)?.ok_or_else(gone)?;
    let notes = notes::of_turf(conn, turf.turf)?;
    let layout = lay_out(conn, turf)?;
    let units: Vec<&LaidDoor> = layout.doors.iter().filter(|door| door.row.building == Some(call.building)).collect();
    let first = units.first().ok_or_else(gone)?;
    let next = layout.stop_of(first.row.id).and_then(|here| layout.next_after(here));
    let n_left = units.iter().filter(|unit| unit.is_to_do()).count();
    Ok(BuildingView {
        turf: layout.turf.turf,
        building,
        n_left: u32::try_from(n_left).unwrap_or(u32::MAX),
        notes: notes_about(&units, notes),
        next: next.map(|stop| layout.stops[stop].stop),
        floors: floors(&units),
    })
}

/// Units by floor, the highest first, those whose name tells none last; within a floor by name, shorter names first.
fn floors(units: &[&LaidDoor]) -> Vec<(Option<u32>, Vec<UnitRow>)> {
    let mut by_floor: BTreeMap<Reverse<Option<u32>>, Vec<UnitRow>> = BTreeMap::new();
    for unit in units {
        by_floor.entry(Reverse(floor_of_unit(&unit.row.unit))).or_default().push(UnitRow {
            door: unit.row.id,
            unit: unit.row.unit.clone(),
            state: unit.state,
            names: unit.residents.iter().map(|resident| resident.name.clone()).collect(),
        });
    }
    for rows in by_floor.values_mut() {
        rows.sort_by(|a, b| (a.unit.len(), &a.unit, a.door).cmp(&(b.unit.len(), &b.unit, b.door)));
    }
    by_floor.into_iter().map(|(Reverse(floor), rows)| (floor, rows)).collect()
}

/// Notes about the units and who lives there, newest first. `notes` come oldest first.
fn notes_about(units: &[&LaidDoor], notes: Vec<(About, String)>) -> Vec<String> {
    let doors: BTreeSet<DoorId> = units.iter().map(|unit| unit.row.id).collect();
    let voters: BTreeSet<VoterId> =
        units.iter().flat_map(|unit| &unit.residents).map(|resident| resident.voter).collect();
    let is_here = |about: &About| match about {
        About::Door(door) => doors.contains(door),
        About::Voter(voter) => voters.contains(voter),
    };
    notes.into_iter().rev().filter(|(about, _)| is_here(about)).map(|(_, text)| text).collect()
}
