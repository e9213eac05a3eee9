//! Renews packs after an import that moved doors or changed their spelling. A new pack has the same doors in the same walking
//! order; phones fetch it at their next sync.

use super::renew;
use crate::cut::{ground, stops};
use crate::engine::Tx;
use crate::error::EngineError;
use crate::pack;
use crate::store::{cut, homes, packs, turfs};
use porchlight_model::id::DoorId;
use porchlight_model::place::{LonLat, MapSheet};
use porchlight_model::turf::Pack;
use porchlight_model::voter::Door;
use rusqlite::Connection;
use std::collections::BTreeMap;

/// Doors by id.
type Doors = BTreeMap<DoorId, Door>;

/// The doors in turf before the import, for comparison afterwards.
pub(super) fn doors(conn: &Connection) -> Result<Doors, EngineError> {
    Ok(homes::doors_in_turf(conn)?.into_iter().map(|door| (door.id, door)).collect())
}

/// Renews the packs of which a door differs from what it was `before` the import.
///
/// # Errors
/// When a pack cannot be read or the database fails; nothing of the import is kept then.
pub(super) fn packs(tx: &mut Tx<'_>, before: &Doors) -> Result<(), EngineError> {
    let mut changed = doors(tx.conn())?;
    changed.retain(|id, door| before.get(id).is_some_and(|other| other != door));
    if changed.is_empty() {
        return Ok(());
    }
    let town = cut::sheet(tx.conn())?;
    for (doc, hash) in packs::named(tx.conn())? {
        let Some(bytes) = packs::get(tx.conn(), hash)? else { continue };
        let mut pack = pack::decode(&bytes)?;
        if set(tx.conn(), &mut pack, &changed, &town)? {
            renew::renew(tx, doc, &pack)?;
        }
    }
    for entry in turfs::all(tx.conn())? {
        if packs::is_any_about(tx.conn(), entry.id)? {
            continue;
        }
        let Some(bytes) = packs::get(tx.conn(), entry.pack)? else { continue };
        let mut pack = pack::decode(&bytes)?;
        if set(tx.conn(), &mut pack, &changed, &town)? {
            renew::keep_listed(tx, &pack)?;
        }
    }
    Ok(())
}

/// Writes changed doors into a pack; returns whether it has any. A door that lost its coordinates keeps those in the pack, because it is on the walk.
fn set(conn: &Connection, pack: &mut Pack, changed: &Doors, town: &MapSheet) -> Result<bool, EngineError> {
    let mut is_other = false;
    for door in &mut pack.doors {
        let Some(now) = changed.get(&door.id) else { continue };
        let now = match now.at {
            Some(_) => now.clone(),
            None => Door { at: door.at, is_at_guessed: door.is_at_guessed, ..now.clone() },
        };
        is_other |= *door != now;
        *door = now;
    }
    if !is_other {
        return Ok(false);
    }
    pack.buildings = cut::buildings(conn, &pack.doors)?;
    pack.route = route(&pack.doors);
    let stops = stops::group(pack.doors.clone());
    pack.outline = ground::outline(&stops);
    if !town.streets.is_empty() {
        pack.map = ground::sheet(town, &stops);
    }
    Ok(true)
}

/// The coordinates of the stops in walking order; doors of a building follow each other.
fn route(doors: &[Door]) -> Vec<LonLat> {
    let is_one_stop = |one: &Door, other: &Door| one.building.is_some() && one.building == other.building;
    doors.chunk_by(is_one_stop).filter_map(|stop| stop.iter().find_map(|door| door.at)).collect()
}
