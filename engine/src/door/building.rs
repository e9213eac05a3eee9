//! Opens a building: its units by floor, and the notes for the next walker.

use crate::engine::Engine;
use crate::error::EngineError;
use crate::store::drafts;
use crate::store::field::standing::Standing;
use crate::store::field::{doors, notes, turfs};
use crate::walk::{LaidDoor, lay_out};
use porchlight_model::calls::door::{BuildingView, OpenBuilding, UnitRow};
use porchlight_model::id::{DoorId, MemberId, VoterId};
use porchlight_model::unit;
use porchlight_model::visit::{About, DoorState};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// Returns a building with those of its units that are in the turf.
///
/// # Errors
/// When the building is in no turf of this device.
pub fn building(engine: &mut Engine, call: &OpenBuilding) -> Result<BuildingView, EngineError> {
    let member = engine.member()?.identity.member;
    let conn = engine.conn();
    let gone = || EngineError::not_found("error-building-gone");
    let turf = turfs::of_building(conn, call.building)?.ok_or_else(gone)?;
    let building = doors::building(conn, call.building)?.ok_or_else(gone)?;
    let notes = notes::of_turf(conn, turf.turf)?;
    let layout = lay_out(conn, turf, &Standing::read(conn)?)?;
    let drafts = drafts::doors(conn)?;
    let units: Vec<&LaidDoor> = layout.doors.iter().filter(|door| door.row.building == Some(call.building)).collect();
    let first = units.first().ok_or_else(gone)?;
    let next = layout.stop_of(first.row.id).and_then(|here| layout.next_after(here));
    let floors = floors(&units, &drafts);
    let n_left = units.iter().filter(|unit| unit.is_to_do()).count();
    Ok(BuildingView {
        turf: layout.turf.turf,
        building,
        n_left: u32::try_from(n_left).unwrap_or(u32::MAX),
        notes: notes_about(&units, notes),
        next: next.map(|stop| layout.stops[stop].stop),
        next_unit: next_unit(&floors, &units, member),
        floors,
    })
}

/// Groups units by floor, highest first, those whose name has no floor last; within a floor in walking order.
fn floors(units: &[&LaidDoor], drafts: &BTreeSet<DoorId>) -> Vec<(Option<u32>, Vec<UnitRow>)> {
    let mut by_floor: BTreeMap<Reverse<Option<u32>>, Vec<UnitRow>> = BTreeMap::new();
    for laid in units {
        by_floor.entry(Reverse(unit::floor(&laid.row.unit))).or_default().push(UnitRow {
            door: laid.row.id,
            unit: laid.row.unit.clone(),
            state: laid.state,
            mark: laid.state,
            danger: laid.danger.clone(),
            names: laid.names(),
            voters: laid.voters(),
            left: laid.left(),
            has_draft: drafts.contains(&laid.row.id),
        });
    }
    for rows in by_floor.values_mut() {
        rows.sort_by_cached_key(|row| (unit::order(&row.unit), row.door));
    }
    by_floor.into_iter().map(|(Reverse(floor), rows)| (floor, rows)).collect()
}

/// The next unit to do after the one where a member was last, in the order of the floors, wrapping around. Units where some were
/// met and some are left come after all others.
fn next_unit(floors: &[(Option<u32>, Vec<UnitRow>)], units: &[&LaidDoor], member: MemberId) -> Option<DoorId> {
    let own = units.iter().flat_map(|unit| unit.visits.iter().filter(|visit| visit.by == member));
    let last = own.max_by_key(|visit| visit.at).map(|visit| visit.door);
    let rows: Vec<&UnitRow> = floors.iter().flat_map(|(_, rows)| rows).collect();
    let from = last.and_then(|last| rows.iter().position(|row| row.door == last)).unwrap_or_default();
    let (before, after) = rows.split_at(from);
    let first = |state: DoorState| after.iter().chain(before).find(move |row| row.state == state);
    first(DoorState::Todo).or_else(|| first(DoorState::Part)).map(|row| row.door)
}

/// Notes about the units and their residents, newest first. `notes` are oldest first.
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
