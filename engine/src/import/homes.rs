//! Homes: matches a file's addresses to existing doors, so that a door keeps its id, its visits and its turf from file to file, however it is
//! spelled.
//!
//! ```text
//! an existing door whose address has the same key        → that door
//! an existing door with the id that a first version gave → that door, with the new spelling, if one of its voters lives there
//! else                                                   → a new door; with the first versions' id if no other address has it
//! ```
//! The last line lets devices with different versions give the same id to an address in the usual spelling.

use super::address::{number, street, town_key};
use super::staged::Staged;
use crate::error::EngineError;
use crate::store::homes as rows;
use crate::store::import;
use porchlight_model::id::{CampaignId, DoorId, VoterId};
use porchlight_model::unit;
use porchlight_model::voter::Door;
use rusqlite::Connection;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// A cache of keys, which normalises each street and town once.
#[derive(Debug, Default)]
pub(crate) struct Keys {
    streets: HashMap<String, String>,
    towns: HashMap<String, String>,
}

impl Keys {
    /// The key of a door's street.
    pub(crate) fn street(&mut self, door: &Door) -> &str {
        self.streets.entry(door.street.clone()).or_insert_with(|| street::key(&door.street))
    }

    /// The key of a door's town.
    pub(crate) fn town(&mut self, door: &Door) -> &str {
        self.towns.entry(door.city.clone()).or_insert_with(|| town_key(&door.city))
    }

    /// The key of a door's number and street.
    pub(crate) fn address(&mut self, door: &Door) -> String {
        format!("{} {}", number::spell(&door.number), self.street(door))
    }

    /// The key of what a door shares with its building: number, street, postal code and town.
    pub(crate) fn place(&mut self, door: &Door) -> String {
        let address = self.address(door);
        format!("{address}/{}/{}", door.zip, self.town(door))
    }
}

/// Derives the id of an address, before it is matched to a door.
pub(crate) fn derive(campaign: CampaignId, place: &str, unit: &str) -> DoorId {
    DoorId::derive(campaign, "home", &format!("{place}/{}", unit::key(unit)))
}

/// Gives each door of a file the id of the existing door that it matches, or a new id. Returns the existing doors that are the same
/// home as another; the file's voters leave them.
///
/// # Errors
/// When the database fails.
pub(crate) fn settle(conn: &Connection, campaign: CampaignId, staged: &mut Staged) -> Result<Vec<DoorId>, EngineError> {
    if staged.doors.is_empty() {
        return Ok(Vec::new());
    }
    let standing = Standing::read(conn, campaign)?;
    let mut n_claims: BTreeMap<[u8; 16], u32> = BTreeMap::new();
    for first_id in staged.first_ids.values().flatten() {
        *n_claims.entry(*first_id).or_default() += 1;
    }
    let of_file: HashMap<VoterId, [u8; 16]> = match standing.all.is_empty() {
        true => HashMap::new(),
        false => staged.voters.iter().map(|voter| (voter.id, voter.door.to_bytes())).collect(),
    };
    let mut taken: BTreeSet<[u8; 16]> =
        staged.doors.keys().filter_map(|home| standing.by_home.get(home).copied()).collect();
    let mut ids: BTreeMap<[u8; 16], [u8; 16]> = BTreeMap::new();
    let mut doubles = standing.doubles;
    for home in staged.doors.keys() {
        let first_ids: Vec<[u8; 16]> = staged.first_ids.get(home).into_iter().flatten().copied().collect();
        let mut id = standing.by_home.get(home).copied();
        for first_id in first_ids.iter().filter(|id| standing.all.contains(*id)) {
            if id.is_none() && !taken.contains(first_id) && is_home_of(conn, *first_id, *home, &of_file)? {
                id = Some(*first_id);
            }
            doubles.insert(*first_id);
        }
        let is_free = |id: &&[u8; 16]| n_claims.get(*id) == Some(&1) && !standing.all.contains(*id);
        let id = id.or_else(|| first_ids.iter().find(is_free).copied()).unwrap_or(*home);
        taken.insert(id);
        ids.insert(*home, id);
    }
    for voter in &mut staged.voters {
        if let Some(id) = ids.get(&voter.door.to_bytes()) {
            voter.door = DoorId::from_bytes(*id);
        }
    }
    let doors = std::mem::take(&mut staged.doors).into_iter().map(|(home, mut door)| {
        let id = ids.get(&home).copied().unwrap_or(home);
        door.id = DoorId::from_bytes(id);
        (id, door)
    });
    staged.doors = doors.collect();
    staged.first_ids.clear();
    Ok(doubles.into_iter().filter(|id| !taken.contains(id)).map(DoorId::from_bytes).collect())
}

/// Whether a voter of an existing door lives in `home` according to the file.
fn is_home_of(
    conn: &Connection,
    door: [u8; 16],
    home: [u8; 16],
    of_file: &HashMap<VoterId, [u8; 16]>,
) -> Result<bool, EngineError> {
    Ok(rows::voters(conn, DoorId::from_bytes(door))?.iter().any(|voter| of_file.get(voter) == Some(&home)))
}

/// The existing doors.
#[derive(Default)]
struct Standing {
    all: BTreeSet<[u8; 16]>,
    /// The door of each home; of several, one that is in a turf.
    by_home: HashMap<[u8; 16], [u8; 16]>,
    /// The other doors of a home.
    doubles: BTreeSet<[u8; 16]>,
}

impl Standing {
    fn read(conn: &Connection, campaign: CampaignId) -> Result<Self, EngineError> {
        let mut standing = Self::default();
        let in_turf = rows::in_turf(conn)?;
        let mut keys = Keys::default();
        for door in import::doors(conn)? {
            let id = door.id.to_bytes();
            let home = derive(campaign, &keys.place(&door), &door.unit).to_bytes();
            standing.all.insert(id);
            match standing.by_home.insert(home, id) {
                Some(other) if in_turf.contains(&other) || !in_turf.contains(&id) => {
                    standing.by_home.insert(home, other);
                    standing.doubles.insert(id);
                }
                Some(other) => {
                    standing.doubles.insert(other);
                }
                None => {}
            }
        }
        Ok(standing)
    }
}
