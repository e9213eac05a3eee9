//! Turf: doors that are handed out together, and the pack that carries them to a phone.

use crate::id::{DocId, DoorId, Sha256, TurfId};
use crate::place::{LonLat, MapSheet};
use crate::time::At;
use crate::voter::{Building, Door, Voter};
use serde::{Deserialize, Serialize};

/// The pack format that this program writes and reads.
pub const PACK_FORMAT: u16 = 1;

/// The most bytes a pack may have, compressed; the relay refuses a larger one.
pub const MAX_PACK_BYTES: usize = 8 * 1024 * 1024;

/// The most bytes a pack may decompress to.
pub const MAX_PACK_UNFOLDED_BYTES: usize = 64 * 1024 * 1024;

/// The fewest and the most doors that one turf may be cut to.
pub const DOORS_PER_TURF: std::ops::RangeInclusive<u32> = 5..=1000;

/// The read-only reference data of one turf; stored gzipped in CBOR, named by the SHA-256 of those bytes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Pack {
    /// [`PACK_FORMAT`].
    pub format: u16,
    /// The turf.
    pub turf: TurfId,
    /// Its name, e.g. `Riverside 7`.
    pub name: String,
    /// Doors in walking order.
    pub doors: Vec<Door>,
    /// Buildings of those doors.
    pub buildings: Vec<Building>,
    /// Voters behind those doors; never one whose file entry is confidential.
    pub voters: Vec<Voter>,
    /// Minutes that walking and knocking is estimated to take.
    pub minutes: u32,
    /// The way from door to door, for drawing.
    pub route: Vec<LonLat>,
    /// The outline: a closed ring.
    pub outline: Vec<LonLat>,
    /// Streets and areas in and around it.
    pub map: MapSheet,
    /// When the newest voter file known to the maker of the pack was imported; 0 where an older program made it.
    #[serde(default)]
    pub roll_at: At,
}

/// One turf in the campaign's list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TurfEntry {
    /// The turf.
    pub id: TurfId,
    /// Its document.
    pub doc: DocId,
    /// Its name.
    pub name: String,
    /// Its current pack.
    pub pack: Sha256,
    /// How many doors.
    pub n_doors: u32,
    /// How many voters.
    pub n_voters: u32,
    /// How many buildings.
    pub n_buildings: u32,
    /// Estimated minutes.
    pub minutes: u32,
    /// The outline: a closed ring.
    pub outline: Vec<LonLat>,
}

/// The located doors from which turf is cut.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CutArea {
    /// Every located door that is in no turf yet.
    #[default]
    Everything,
    /// The doors of one precinct that are in no turf yet.
    Precinct {
        /// As the voter file writes it.
        precinct: String,
    },
    /// The doors inside a ring that are in no turf yet.
    Drawn {
        /// Its corners in order, as [`crate::ring::checked`] takes them.
        ring: Vec<LonLat>,
    },
}

/// One turf of a proposed cut.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TurfDraft {
    /// Its proposed name.
    pub name: String,
    /// Its doors in walking order.
    pub doors: Vec<DoorId>,
    /// How many voters.
    pub n_voters: u32,
    /// Estimated minutes.
    pub minutes: u32,
    /// The outline: a closed ring.
    pub outline: Vec<LonLat>,
}
