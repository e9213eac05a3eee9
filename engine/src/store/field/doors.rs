//! Doors and buildings, and which doors a turf has in walking order.

use super::point;
use crate::error::EngineError;
use porchlight_model::id::{BuildingId, DoorId, TurfId};
use porchlight_model::place::{LonLat, Side};
use porchlight_model::voter::{Building, Door};
use rusqlite::{Connection, OptionalExtension, Row, named_params, params};

/// A door as the walker meets it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct DoorRow {
    pub(crate) id: DoorId,
    pub(crate) number: String,
    pub(crate) street: String,
    pub(crate) unit: String,
    pub(crate) at: Option<LonLat>,
    pub(crate) building: Option<BuildingId>,
    pub(crate) entrance: Option<LonLat>,
    pub(crate) side: Side,
}

impl DoorRow {
    /// `27 Maple Street`, or `31 Maple Street, 4B`.
    pub(crate) fn address(&self) -> String {
        let unit = if self.unit.is_empty() { String::new() } else { format!(", {}", self.unit) };
        format!("{} {}{unit}", self.number, self.street)
    }
}

/// The doors of a turf in walking order.
pub(crate) fn of_turf(conn: &Connection, turf: TurfId) -> Result<Vec<DoorRow>, EngineError> {
    let mut select = conn.prepare_cached(include_str!("doors/of_turf.sql"))?;
    let rows = select.query_map(named_params! { ":turf": turf.to_bytes() }, |row| {
        Ok(DoorRow {
            id: DoorId::from_bytes(row.get("id")?),
            number: row.get("number")?,
            street: row.get("street")?,
            unit: row.get("unit")?,
            at: point(row, "lon", "lat")?,
            building: row.get::<_, Option<_>>("building")?.map(BuildingId::from_bytes),
            entrance: point(row, "entrance_lon", "entrance_lat")?,
            side: side(row)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// One door with all its fields.
pub(crate) fn get(conn: &Connection, door: DoorId) -> Result<Option<Door>, EngineError> {
    Ok(conn
        .prepare_cached(include_str!("doors/get.sql"))?
        .query_row(named_params! { ":door": door.to_bytes() }, read)
        .optional()?)
}

fn side(row: &Row<'_>) -> rusqlite::Result<Side> {
    let side: String = row.get("side")?;
    Ok(match side.as_str() {
        "odd" => Side::Odd,
        "even" => Side::Even,
        _ => Side::Unknown,
    })
}

fn read(row: &Row<'_>) -> rusqlite::Result<Door> {
    Ok(Door {
        id: DoorId::from_bytes(row.get("id")?),
        number: row.get("number")?,
        street: row.get("street")?,
        unit: row.get("unit")?,
        city: row.get("city")?,
        zip: row.get("zip")?,
        precinct: row.get("precinct")?,
        at: point(row, "lon", "lat")?,
        is_at_guessed: row.get("is_guessed")?,
        side: side(row)?,
        building: row.get::<_, Option<_>>("building")?.map(BuildingId::from_bytes),
    })
}

/// One building.
pub(crate) fn building(conn: &Connection, building: BuildingId) -> Result<Option<Building>, EngineError> {
    Ok(conn
        .prepare_cached("SELECT id, number, street, lon, lat FROM building WHERE id = ?1")?
        .query_row(params![building.to_bytes()], |row| {
            Ok(Building {
                id: BuildingId::from_bytes(row.get("id")?),
                number: row.get("number")?,
                street: row.get("street")?,
                at: point(row, "lon", "lat")?,
            })
        })
        .optional()?)
}
