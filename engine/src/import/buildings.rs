//! Buildings: doors with the same number, street, postal code and town share an entrance.

use super::homes::Keys;
use crate::error::EngineError;
use crate::store::homes as rows;
use crate::store::import;
use porchlight_model::id::{BuildingId, CampaignId};
use porchlight_model::voter::Door;
use rusqlite::Connection;
use std::collections::{BTreeMap, BTreeSet};

/// Creates a building for each address with two doors or more. An existing building keeps its id.
pub(crate) fn make(conn: &Connection, campaign: CampaignId) -> Result<(), EngineError> {
    let mut keys = Keys::default();
    let mut of_place: BTreeMap<String, Vec<Door>> = BTreeMap::new();
    for door in import::doors(conn)?.into_iter().filter(|door| !door.number.is_empty()) {
        of_place.entry(keys.place(&door)).or_default().push(door);
    }
    let mut taken: BTreeSet<BuildingId> = BTreeSet::new();
    let (shared, alone): (Vec<_>, Vec<_>) = of_place.into_iter().partition(|(_, doors)| doors.len() > 1);
    for (place, doors) in &shared {
        let mut standing: BTreeMap<BuildingId, usize> = BTreeMap::new();
        for building in doors.iter().filter_map(|door| door.building).filter(|id| !taken.contains(id)) {
            *standing.entry(building).or_default() += 1;
        }
        let most = standing.into_iter().max_by_key(|(id, n)| (*n, std::cmp::Reverse(*id))).map(|(id, _)| id);
        let building = most.unwrap_or_else(|| new_id(campaign, place, &doors[0], &taken));
        taken.insert(building);
        if most.is_none() || doors.iter().any(|door| door.building != Some(building)) {
            rows::put_building(conn, building, &doors[0])?;
        }
        for door in doors.iter().filter(|door| door.building != Some(building)) {
            rows::join(conn, door.id, Some(building))?;
        }
    }
    for (_, doors) in alone {
        for door in doors.iter().filter(|door| door.building.is_some_and(|id| taken.contains(&id))) {
            rows::join(conn, door.id, None)?;
        }
    }
    rows::drop_empty_buildings(conn)
}

/// The id that the first versions gave to a building with this spelling, unless another building has it.
fn new_id(campaign: CampaignId, place: &str, door: &Door, taken: &BTreeSet<BuildingId>) -> BuildingId {
    let first = BuildingId::derive(campaign, "address", &format!("{} {}/{}", door.number, door.street, door.zip));
    if taken.contains(&first) { BuildingId::derive(campaign, "place", place) } else { first }
}
