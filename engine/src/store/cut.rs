//! Rows that cutting reads: doors with the turf they are in, who lives there, buildings, and the imported map.

use crate::error::EngineError;
use crate::store::import;
use porchlight_model::calls::cut::PrecinctRow;
use porchlight_model::id::{DoorId, VoterId};
use porchlight_model::place::{Area, AreaKind, MapSheet, Street, StreetClass};
use porchlight_model::voter::{Building, Door, Voter};
use rusqlite::{Connection, params};
use std::collections::BTreeSet;

/// Every door that is in a turf or that someone lives behind, by id, with whether it is in a turf.
pub(crate) fn doors(conn: &Connection) -> Result<Vec<(Door, bool)>, EngineError> {
    let taken: BTreeSet<DoorId> = conn
        .prepare_cached("SELECT DISTINCT door FROM turf_door")?
        .query_map([], |row| row.get(0).map(DoorId::from_bytes))?
        .collect::<Result<_, _>>()?;
    let lived_in: BTreeSet<DoorId> = conn
        .prepare_cached("SELECT DISTINCT door FROM voter")?
        .query_map([], |row| row.get(0).map(DoorId::from_bytes))?
        .collect::<Result<_, _>>()?;
    let doors = import::doors(conn)?.into_iter().map(|door| {
        let is_taken = taken.contains(&door.id);
        (door, is_taken)
    });
    Ok(doors.filter(|(door, is_taken)| *is_taken || lived_in.contains(&door.id)).collect())
}

/// Precincts by name, with their doors.
pub(crate) fn precincts(conn: &Connection) -> Result<Vec<PrecinctRow>, EngineError> {
    let mut select = conn.prepare_cached(
        "SELECT precinct, count(*) AS n_doors,
                sum(lon IS NOT NULL AND id IN (SELECT door FROM voter) AND id NOT IN (SELECT door FROM turf_door)) AS n_free
         FROM door GROUP BY precinct ORDER BY precinct",
    )?;
    let rows = select.query_map([], |row| {
        Ok(PrecinctRow { precinct: row.get("precinct")?, n_free: row.get("n_free")?, n_doors: row.get("n_doors")? })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Who lives behind a door, by id.
pub(crate) fn voters(conn: &Connection, door: DoorId) -> Result<Vec<Voter>, EngineError> {
    let mut select = conn.prepare_cached(
        "SELECT id, first, last, age, party, phone, source_id FROM voter WHERE door = ?1 ORDER BY id",
    )?;
    let rows = select.query_map(params![door.to_bytes()], |row| {
        Ok(Voter {
            id: VoterId::from_bytes(row.get("id")?),
            door,
            first: row.get("first")?,
            last: row.get("last")?,
            age: row.get("age")?,
            party: row.get("party")?,
            phone: row.get("phone")?,
            source_id: row.get("source_id")?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// How many voters live behind each door that has one.
pub(crate) fn n_voters(conn: &Connection) -> Result<std::collections::BTreeMap<DoorId, u32>, EngineError> {
    let mut select = conn.prepare_cached("SELECT door, count(*) FROM voter GROUP BY door")?;
    let rows = select.query_map([], |row| Ok((DoorId::from_bytes(row.get(0)?), row.get(1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The buildings of some doors, each once.
pub(crate) fn buildings(conn: &Connection, doors: &[Door]) -> Result<Vec<Building>, EngineError> {
    let ids: BTreeSet<_> = doors.iter().filter_map(|door| door.building).collect();
    let found = ids.into_iter().map(|id| crate::store::field::doors::building(conn, id));
    found.filter_map(Result::transpose).collect()
}

/// The imported streets and areas.
pub(crate) fn sheet(conn: &Connection) -> Result<MapSheet, EngineError> {
    let mut sheet = MapSheet::default();
    let mut select = conn.prepare_cached("SELECT name, class, line FROM street ORDER BY id")?;
    let mut rows = select.query([])?;
    while let Some(row) = rows.next()? {
        let class = StreetClass::parse(row.get_ref("class")?.as_str().unwrap_or_default());
        let line = serde_json::from_str(&row.get::<_, String>("line")?)?;
        sheet.streets.push(Street { name: row.get("name")?, class, line });
    }
    let mut select = conn.prepare_cached("SELECT kind, ring FROM area ORDER BY id")?;
    let mut rows = select.query([])?;
    while let Some(row) = rows.next()? {
        let kind = AreaKind::parse(row.get_ref("kind")?.as_str().unwrap_or_default());
        sheet.areas.push(Area { kind, ring: serde_json::from_str(&row.get::<_, String>("ring")?)? });
    }
    Ok(sheet)
}
