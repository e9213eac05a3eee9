//! The doors, voters and members to which an archive's records refer.

use crate::error::EngineError;
use porchlight_model::id::{DocId, DoorId, MemberId, VoterId, WaveId};
use porchlight_model::voter::Voter;
use rusqlite::{Connection, named_params, params};
use std::collections::BTreeMap;

/// The doors that records of a wave are about.
pub(crate) fn doors(conn: &Connection, wave: WaveId) -> Result<Vec<DoorId>, EngineError> {
    let mut select = conn.prepare_cached(include_str!("archive/doors.sql"))?;
    let rows =
        select.query_map(named_params! { ":wave": wave.to_bytes() }, |row| row.get(0).map(DoorId::from_bytes))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The voters of the file whom records of a wave are about, also those who are off the roll since.
pub(crate) fn voters(conn: &Connection, wave: WaveId) -> Result<Vec<Voter>, EngineError> {
    let mut select = conn.prepare_cached(include_str!("archive/voters.sql"))?;
    let rows = select.query_map(named_params! { ":wave": wave.to_bytes() }, |row| {
        Ok(Voter {
            id: VoterId::from_bytes(row.get("id")?),
            door: DoorId::from_bytes(row.get("door")?),
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

/// Everyone of the campaign by name.
pub(crate) fn members(conn: &Connection, campaign: DocId) -> Result<BTreeMap<MemberId, String>, EngineError> {
    let mut select = conn.prepare_cached("SELECT id, name FROM member WHERE doc = ?1")?;
    let rows =
        select.query_map(params![campaign.to_bytes()], |row| Ok((MemberId::from_bytes(row.get(0)?), row.get(1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}
