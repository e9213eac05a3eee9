//! Reference rows of a turf: the data of its pack, inserted when it arrives and deleted when the turf is dropped.

use crate::error::EngineError;
use crate::findable;
use crate::store::roll;
use porchlight_model::id::{DoorId, TurfId, VoterId};
use porchlight_model::place::{LonLat, Side};
use porchlight_model::turf::Pack;
use porchlight_model::voter::{Door, Voter};
use rusqlite::{Connection, named_params, params};
use std::collections::BTreeMap;

/// Inserts a pack's doors, buildings and voters; existing ones are updated.
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
        let door = pack.doors.iter().find(|door| door.id == voter.door);
        put_voter(conn, voter)?;
        put_search(conn, voter, door.map(findable::address).unwrap_or_default())?;
    }
    roll::tidy(conn)?;
    put_turf_doors(conn, pack.turf, pack.doors.iter().map(|door| door.id.to_bytes()))
}

/// Voters whom an earlier pack of this turf, or an older file, had at its doors and this pack has not are gone from there. Where files were
/// imported their names stay for what was recorded with them; a phone forgets them, and keeps who lived where by their ids.
fn forget_unnamed(conn: &Connection, pack: &Pack) -> Result<(), EngineError> {
    let named: BTreeMap<VoterId, DoorId> = pack.voters.iter().map(|voter| (voter.id, voter.door)).collect();
    let mut at_door = conn.prepare_cached("SELECT id FROM voter WHERE door = ?1")?;
    let mut gone = Vec::new();
    for door in &pack.doors {
        let ids = at_door.query_map([door.id.to_bytes()], |row| row.get(0).map(VoterId::from_bytes))?;
        for id in ids.collect::<Result<Vec<_>, _>>()? {
            let now = named.get(&id);
            if now != Some(&door.id) {
                roll::note_left(conn, id, door.id)?;
            }
            if now.is_none() {
                gone.push(id);
            }
        }
    }
    if has_imported(conn)? { roll::take_off(conn, &gone) } else { forget_voters(conn, &gone) }
}

/// Whether files were imported on this device.
pub(crate) fn has_imported(conn: &Connection) -> Result<bool, EngineError> {
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
    super::drafts::purge(conn)?;
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
pub(crate) fn put_search(conn: &Connection, voter: &Voter, address: String) -> Result<(), EngineError> {
    let row = search_row(voter.id);
    conn.prepare_cached("DELETE FROM search WHERE rowid = ?1")?.execute(params![row])?;
    conn.prepare_cached("INSERT INTO search (rowid, name, address, voter) VALUES (?1, ?2, ?3, ?4)")?
        .execute(params![row, findable::name(&voter.first, &voter.last), address, voter.id.to_string()])?;
    Ok(())
}

/// Rebuilds the search index of voters, in the order of the full-text rows, which is fastest.
pub(crate) fn make_findable(conn: &Connection) -> Result<(), EngineError> {
    conn.execute("DELETE FROM search", [])?;
    let mut ids: Vec<(i64, VoterId)> = conn
        .prepare("SELECT id FROM voter")?
        .query_map([], |row| row.get(0).map(VoterId::from_bytes))?
        .map(|id| id.map(|id| (search_row(id), id)))
        .collect::<Result<_, _>>()?;
    ids.sort_unstable();
    let mut select = conn.prepare(include_str!("roll/in_words.sql"))?;
    let mut insert = conn.prepare("INSERT INTO search (rowid, name, address, voter) VALUES (?1, ?2, ?3, ?4)")?;
    for (row, id) in ids {
        let [first, last, number, street, unit] = select.query_row(params![id.to_bytes()], |row| {
            Ok::<[String; 5], _>([row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?])
        })?;
        let address = findable::address_of(&number, &street, &unit);
        insert.execute(params![row, findable::name(&first, &last), address, id.to_string()])?;
    }
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
    row_of(voter.to_bytes())
}

/// 63 bits of an id, as the number of a row.
pub(crate) fn row_of(bytes: [u8; 16]) -> i64 {
    let (high, low) = bytes.split_at(8);
    let part = |half: &[u8]| half.iter().fold(0_u64, |sum, byte| sum << 8 | u64::from(*byte));
    ((part(high) ^ part(low).rotate_left(17)) >> 1).cast_signed()
}

fn lon_lat(at: Option<LonLat>) -> (Option<f64>, Option<f64>) {
    (at.map(|at| at.lon), at.map(|at| at.lat))
}
