//! Places on the ground, and the plain map that a pack carries.

use crate::open::open_names;
use geo_types::Coord;
use serde::{Deserialize, Serialize};

/// A point in WGS 84 degrees, as `[lon, lat]` on the wire (the order of GeoJSON, RFC 7946).
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(from = "[f64; 2]", into = "[f64; 2]")]
pub struct LonLat {
    /// Degrees east.
    pub lon: f64,
    /// Degrees north.
    pub lat: f64,
}

impl From<[f64; 2]> for LonLat {
    fn from([lon, lat]: [f64; 2]) -> Self {
        Self { lon, lat }
    }
}

impl From<LonLat> for [f64; 2] {
    fn from(point: LonLat) -> Self {
        [point.lon, point.lat]
    }
}

impl From<LonLat> for Coord<f64> {
    fn from(point: LonLat) -> Self {
        Self { x: point.lon, y: point.lat }
    }
}

impl From<Coord<f64>> for LonLat {
    fn from(coord: Coord<f64>) -> Self {
        Self { lon: coord.x, lat: coord.y }
    }
}

impl LonLat {
    /// Metres to `other` on a locally flat earth (equirectangular; error below 0.1 % within 20 km and 70° of latitude).
    #[must_use]
    pub fn distance_m(self, other: Self) -> f64 {
        const M_PER_DEGREE: f64 = 111_195.0;
        let mid_lat = f64::midpoint(self.lat, other.lat).to_radians();
        let east = (other.lon - self.lon) * mid_lat.cos();
        let north = other.lat - self.lat;
        east.hypot(north) * M_PER_DEGREE
    }
}

/// The side of its street on which a door stands, seen along rising house numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// The odd house numbers.
    Odd,
    /// The even house numbers.
    Even,
    /// Unknown: the number does not say, or a newer program's name for the side is not known here.
    #[default]
    #[serde(other)]
    Unknown,
}

open_names! {
    /// The class of a street: decides how it is drawn and walked.
    pub enum StreetClass {
        /// A motorway or trunk road: drawn, never walked or crossed.
        Major = "major",
        /// A through road: walked, costly to cross.
        Through = "through",
        /// A residential street.
        Local = "local",
        /// A footpath or footbridge.
        Path = "path",
    }
}

/// One stretch of street.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Street {
    /// The name on the sign; empty where there is none.
    pub name: String,
    /// How it is drawn and walked.
    pub class: StreetClass,
    /// Its line, at least two points.
    pub line: Vec<LonLat>,
}

open_names! {
    /// What fills an area of the map.
    pub enum AreaKind {
        /// A river or lake.
        Water = "water",
        /// Grass and trees.
        Park = "park",
        /// A building's outline.
        Building = "building",
    }
}

/// One filled area: a closed ring without holes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Area {
    /// What fills it.
    pub kind: AreaKind,
    /// Its ring; first and last point are equal.
    pub ring: Vec<LonLat>,
}

/// The map of one turf or of a whole town: streets and areas, without doors.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct MapSheet {
    /// Streets to draw, name and walk.
    pub streets: Vec<Street>,
    /// Areas to draw.
    pub areas: Vec<Area>,
}
