//! The office's map: the ground of the whole town with every turf's outline, and the stops of the part in sight.

use super::stops;
use crate::engine::Engine;
use crate::error::EngineError;
use crate::pack;
use crate::store::field::standing::Standing;
use crate::store::field::turfs as field;
use crate::store::{cut as rows, packs, turfs};
use crate::walk::lay_out;
use porchlight_model::calls::cut::{OfficeGround, OfficeGroundView, StopsWithin};
use porchlight_model::calls::walk::{MapStop, Stop};
use porchlight_model::place::{Bounds, MapSheet};
use porchlight_model::visit::{DoorState, Mark};
use rusqlite::Connection;
use std::collections::BTreeSet;

/// Draws the town from the imported files, or, if none were imported, from the turfs' packs.
pub(crate) fn office_ground(engine: &mut Engine, _: &OfficeGround) -> Result<OfficeGroundView, EngineError> {
    let conn = engine.conn();
    let entries = turfs::all(conn)?;
    let mut sheet = rows::sheet(conn)?;
    if sheet.streets.is_empty() {
        let here: Vec<_> = entries.iter().filter_map(|entry| packs::get(conn, entry.pack).transpose()).collect();
        sheet = joined(here)?;
    }
    let free = free_stops(conn)?;
    let turfs = entries.into_iter().map(|entry| (entry.id, entry.name, entry.outline)).collect();
    Ok(OfficeGroundView { sheet, free, turfs })
}

/// The stops in one part of the map: only turf whose outline reaches into it is laid out.
pub(crate) fn stops_within(engine: &mut Engine, call: &StopsWithin) -> Result<Vec<MapStop>, EngineError> {
    let Some(within) = call.within else { return Ok(Vec::new()) };
    let conn = engine.conn();
    let standing = Standing::flags_alone(conn)?;
    let mut places = Vec::new();
    for entry in turfs::all(conn)? {
        if Bounds::around(entry.outline).is_some_and(|around| around.overlaps(&within)) {
            places.extend(turf_stops(conn, entry.id, &standing)?);
        }
    }
    places.retain(|stop| within.has(stop.at));
    Ok(places)
}

fn free_stops(conn: &Connection) -> Result<Vec<MapStop>, EngineError> {
    let free = rows::doors(conn)?.into_iter().filter(|(_, is_taken)| !is_taken).map(|(door, _)| door).collect();
    let places = stops::group(free).into_iter().map(|stop| {
        let door = &stop.doors[0];
        MapStop {
            stop: door.building.map_or(Stop::Door(door.id), Stop::Building),
            number: door.number.clone(),
            at: stop.at,
            state: DoorState::Todo,
            mark: Mark::Todo,
            danger: String::new(),
            n_doors: u32::try_from(stop.doors.len()).unwrap_or(u32::MAX),
        }
    });
    Ok(places.collect())
}

fn turf_stops(
    conn: &Connection,
    turf: porchlight_model::id::TurfId,
    standing: &Standing,
) -> Result<Vec<MapStop>, EngineError> {
    // A turf whose document or pack has not arrived yet has no stops to show.
    let Some(row) = field::get(conn, turf)? else { return Ok(Vec::new()) };
    let layout = match lay_out::lay_out(conn, row, standing) {
        Ok(layout) => layout,
        Err(EngineError::Told(_)) => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let places = layout.stops.iter().filter_map(|stop| {
        let first = layout.doors_at(stop).next()?;
        Some(MapStop {
            stop: stop.stop,
            number: first.row.number.clone(),
            at: stop.at?,
            state: layout.state_at(stop),
            mark: layout.mark_at(stop),
            danger: String::new(),
            n_doors: u32::try_from(stop.doors.len()).unwrap_or(u32::MAX),
        })
    });
    Ok(places.collect())
}

/// Merges the map sheets of packs; each street and area appears once.
fn joined(bytes: Vec<Result<Vec<u8>, EngineError>>) -> Result<MapSheet, EngineError> {
    let mut seen = BTreeSet::new();
    let mut sheet = MapSheet::default();
    for bytes in bytes {
        let map = pack::decode(&bytes?)?.map;
        for street in map.streets {
            if seen.insert(serde_json::to_string(&street)?) {
                sheet.streets.push(street);
            }
        }
        for area in map.areas {
            if seen.insert(serde_json::to_string(&area)?) {
                sheet.areas.push(area);
            }
        }
    }
    Ok(sheet)
}
