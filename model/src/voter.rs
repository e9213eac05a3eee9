//! Voters, the doors they live behind, and the buildings those doors share.

use crate::id::{BuildingId, DoorId, VoterId};
use crate::place::{LonLat, Side};
use serde::{Deserialize, Serialize};

/// A person on the voter file, or added at a door.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Voter {
    /// Derived from campaign, source and source id for a person on the file.
    pub id: VoterId,
    /// The door they live behind.
    pub door: DoorId,
    /// Given name.
    pub first: String,
    /// Family name.
    pub last: String,
    /// Age in years where the file has it.
    pub age: Option<u8>,
    /// Party as the file writes it; empty where there is none.
    pub party: String,
    /// Telephone as the file writes it; empty where there is none.
    pub phone: String,
    /// The id in the file (`ncid`); empty for a person added at a door.
    pub source_id: String,
}

impl Voter {
    /// The name as it is shown in a list.
    #[must_use]
    pub fn full_name(&self) -> String {
        format!("{} {}", self.first, self.last).trim().to_owned()
    }
}

/// One dwelling that can be knocked on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Door {
    /// Derived from campaign and normalised address.
    pub id: DoorId,
    /// House number with its suffix, e.g. `27`, `27A`, `12 1/2`.
    pub number: String,
    /// Street name as people read it, e.g. `Maple Street`.
    pub street: String,
    /// Unit within the building, e.g. `4B`; empty for a house.
    pub unit: String,
    /// Town.
    pub city: String,
    /// Postal code.
    pub zip: String,
    /// Precinct as the file writes it.
    pub precinct: String,
    /// Its location, if known.
    pub at: Option<LonLat>,
    /// Whether [`Self::at`] was guessed from its neighbours instead of read from an address file.
    pub is_at_guessed: bool,
    /// The side of the street.
    pub side: Side,
    /// The building, when it shares its entrance.
    pub building: Option<BuildingId>,
}

impl Door {
    /// `27 Maple Street`, or `31 Maple Street, 4B`.
    #[must_use]
    pub fn address(&self) -> String {
        if self.unit.is_empty() {
            format!("{} {}", self.number, self.street)
        } else {
            format!("{} {}, {}", self.number, self.street, self.unit)
        }
    }
}

/// Doors that share an entrance.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Building {
    /// Derived from campaign and normalised address without the unit.
    pub id: BuildingId,
    /// House number.
    pub number: String,
    /// Street name.
    pub street: String,
    /// The entrance, if known.
    pub at: Option<LonLat>,
}

impl Building {
    /// `31 Maple Street`.
    #[must_use]
    pub fn address(&self) -> String {
        format!("{} {}", self.number, self.street)
    }
}
