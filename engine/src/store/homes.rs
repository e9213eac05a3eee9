//! Rows of doors and buildings as an import joins and parts them.

use crate::error::EngineError;
use crate::store::import;
use porchlight_model::id::{BuildingId, DoorId, VoterId};
use porchlight_model::voter::Door;
use rusqlite::{Connection, params};
use std::collections::BTreeSet;

/// The doors that are in a turf.
pub(crate) fn in_turf(conn: &Connection) -> Result<BTreeSet<[u8; 16]>, EngineError> {
    let mut select = conn.prepare_cached("SELECT DISTINCT door FROM turf_door")?;
    Ok(select.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?)
}

/// The doors that are in a turf, by id.
pub(crate) fn doors_in_turf(conn: &Connection) -> Result<Vec<Door>, EngineError> {
    let mut select = conn.prepare_cached(include_str!("homes/doors_in_turf.sql"))?;
    let rows = select.query_map([], import::read_door)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Who lives behind a door.
pub(crate) fn voters(conn: &Connection, door: DoorId) -> Result<Vec<VoterId>, EngineError> {
    let mut select = conn.prepare_cached("SELECT id FROM voter WHERE door = ?1")?;
    let rows = select.query_map(params![door.to_bytes()], |row| row.get(0).map(VoterId::from_bytes))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Removes those of `doors` that nobody lives behind, that are in no turf, and where nothing was recorded.
pub(crate) fn remove_unused(conn: &Connection, doors: &[DoorId]) -> Result<(), EngineError> {
    let mut remove = conn.prepare_cached(include_str!("homes/remove_unused.sql"))?;
    for door in doors {
        remove.execute(params![door.to_bytes()])?;
    }
    Ok(())
}

/// Writes a building that has a door, without its place.
pub(crate) fn put_building(conn: &Connection, id: BuildingId, door: &Door) -> Result<(), EngineError> {
    conn.prepare_cached(
        "INSERT INTO building (id, number, street) VALUES (?1, ?2, ?3)
         ON CONFLICT (id) DO UPDATE SET number = excluded.number, street = excluded.street",
    )?
    .execute(params![id.to_bytes(), door.number, door.street])?;
    Ok(())
}

/// Puts a door into a building, or out of any.
pub(crate) fn join(conn: &Connection, door: DoorId, building: Option<BuildingId>) -> Result<(), EngineError> {
    conn.prepare_cached("UPDATE door SET building = ?2 WHERE id = ?1")?
        .execute(params![door.to_bytes(), building.map(|id| id.to_bytes())])?;
    Ok(())
}

/// Removes buildings that no door is in.
pub(crate) fn drop_empty_buildings(conn: &Connection) -> Result<(), EngineError> {
    conn.execute_batch("DELETE FROM building WHERE id NOT IN (SELECT building FROM door WHERE building IS NOT NULL)")?;
    Ok(())
}
