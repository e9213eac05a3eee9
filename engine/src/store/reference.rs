//! Reference rows of a turf: what its pack tells, put in place when it comes and removed when it goes.

use crate::error::EngineError;
use porchlight_model::id::{TurfId, VoterId};
use porchlight_model::place::{LonLat, Side};
use porchlight_model::turf::Pack;
use porchlight_model::voter::{Door, Voter};
use rusqlite::{Connection, named_params, params};
use std::collections::BTreeSet;

/// Puts a pack's doors, buildings and voters in place; those already here are brought up to date.
pub(crate) fn install_pack(conn: &Connection, pack: &Pack) -> Result<(), EngineError> {
    for building in &pack.buildings {
        let (lon, lat) = lon_lat(building.at);
        conn.prepare_cached(include_str!("reference/put_building.sql"))?.execute(named_params! {
            ":id": building.id.to_bytes(), ":number": building.number, ":street": building.street,
            ":lon": lon, ":lat": lat,
        })?;
    }
    for door in &pack.doors {
        put_door(conn, door)?;
    }
    forget_unnamed(conn, pack)?;
    for voter in &pack.voters {
        let address = pack.doors.iter().find(|door| door.id == voter.door).map(Door::address).unwrap_or_default();
        put_voter(conn, voter)?;
        put_search(conn, voter.id, &voter.full_name(), &address)?;
    }
    put_turf_doors(conn, pack.turf, pack.doors.iter().map(|door| door.id.to_bytes()))
}

/// Forgets voters whom an earlier pack of this turf named at its doors and this one does not. Where files were imported they are
/// the coordinator's own: the file says who goes.
fn forget_unnamed(conn: &Connection, pack: &Pack) -> Result<(), EngineError> {
    if has_imported(conn)? {
        return Ok(());
    }
    let named: BTreeSet<VoterId> = pack.voters.iter().map(|voter| voter.id).collect();
    let mut at_door = conn.prepare_cached("SELECT id FROM voter WHERE door = ?1")?;
    let mut gone = Vec::new();
    for door in &pack.doors {
        let ids = at_door.query_map([door.id.to_bytes()], |row| row.get(0).map(VoterId::from_bytes))?;
        let ids: Vec<_> = ids.collect::<Result<_, _>>()?;
        gone.extend(ids.into_iter().filter(|id| !named.contains(id)));
    }
    forget_voters(conn, &gone)
}

fn has_imported(conn: &Connection) -> Result<bool, EngineError> {
    Ok(conn.query_row("SELECT EXISTS (SELECT 1 FROM import_file)", [], |row| row.get(0))?)
}

/// Writes which doors a turf has, in walking order, in place of what was written before.
pub(crate) fn put_turf_doors(
    conn: &Connection,
    turf: TurfId,
    doors: impl IntoIterator<Item = [u8; 16]>,
) -> Result<(), EngineError> {
    conn.prepare_cached("DELETE FROM turf_door WHERE turf = ?1")?.execute(params![turf.to_bytes()])?;
    let mut insert = conn.prepare_cached("INSERT INTO turf_door (turf, position, door) VALUES (?1, ?2, ?3)")?;
    for (position, door) in (0_i64..).zip(doors) {
        insert.execute(params![turf.to_bytes(), position, door])?;
    }
    Ok(())
}

/// Removes a turf's doors and voters, except those that another turf has. Where files were imported, the doors stay:
/// they are the coordinator's own.
pub(crate) fn purge_turf(conn: &Connection, turf: TurfId) -> Result<(), EngineError> {
    conn.prepare_cached("DELETE FROM turf_door WHERE turf = ?1")?.execute(params![turf.to_bytes()])?;
    if has_imported(conn)? {
        return Ok(());
    }
    let gone: Vec<VoterId> = conn
        .prepare_cached("SELECT id FROM voter WHERE door NOT IN (SELECT door FROM turf_door)")?
        .query_map([], |row| row.get(0).map(VoterId::from_bytes))?
        .collect::<Result<_, _>>()?;
    forget_voters(conn, &gone)?;
    conn.execute_batch(include_str!("reference/purge_doors.sql"))?;
    Ok(())
}

/// Writes one door.
pub(crate) fn put_door(conn: &Connection, door: &Door) -> Result<(), EngineError> {
    let (lon, lat) = lon_lat(door.at);
    let side = match door.side {
        Side::Odd => "odd",
        Side::Even => "even",
        Side::Unknown => "unknown",
    };
    conn.prepare_cached(include_str!("reference/put_door.sql"))?.execute(named_params! {
        ":id": door.id.to_bytes(), ":number": door.number, ":street": door.street, ":unit": door.unit,
        ":city": door.city, ":zip": door.zip, ":precinct": door.precinct, ":lon": lon, ":lat": lat,
        ":is_guessed": door.is_at_guessed, ":side": side, ":building": door.building.map(|id| id.to_bytes()),
    })?;
    Ok(())
}

/// Writes one voter.
pub(crate) fn put_voter(conn: &Connection, voter: &Voter) -> Result<(), EngineError> {
    conn.prepare_cached(include_str!("reference/put_voter.sql"))?.execute(named_params! {
        ":id": voter.id.to_bytes(), ":door": voter.door.to_bytes(), ":first": voter.first, ":last": voter.last,
        ":age": voter.age, ":party": voter.party, ":phone": voter.phone, ":source_id": voter.source_id,
    })?;
    Ok(())
}

/// Makes a voter findable, in place of what was findable before.
pub(crate) fn put_search(conn: &Connection, voter: VoterId, name: &str, address: &str) -> Result<(), EngineError> {
    conn.prepare_cached("DELETE FROM search WHERE rowid = ?1")?.execute(params![search_row(voter)])?;
    conn.prepare_cached("INSERT INTO search (rowid, name, address, voter) VALUES (?1, ?2, ?3, ?4)")?
        .execute(params![search_row(voter), name, address, voter.to_string()])?;
    Ok(())
}

/// Removes voters, and makes them unfindable.
pub(crate) fn forget_voters(conn: &Connection, voters: &[VoterId]) -> Result<(), EngineError> {
    let mut forget = conn.prepare_cached("DELETE FROM voter WHERE id = ?1")?;
    let mut hide = conn.prepare_cached("DELETE FROM search WHERE rowid = ?1")?;
    for voter in voters {
        if forget.execute(params![voter.to_bytes()])? > 0 {
            hide.execute(params![search_row(*voter)])?;
        }
    }
    Ok(())
}

/// The full-text row of a voter: 63 bits of its id, so that it is found again without a table of its own.
pub(crate) fn search_row(voter: VoterId) -> i64 {
    let bytes = voter.to_bytes();
    let (high, low) = bytes.split_at(8);
    let part = |half: &[u8]| half.iter().fold(0_u64, |sum, byte| sum << 8 | u64::from(*byte));
    ((part(high) ^ part(low).rotate_left(17)) >> 1).cast_signed()
}

fn lon_lat(at: Option<LonLat>) -> (Option<f64>, Option<f64>) {
    (at.map(|at| at.lon), at.map(|at| at.lat))
}
