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

/// A bounding box in WGS 84 degrees, edges included, which does not cross the antimeridian.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Bounds {
    /// The western edge, degrees east.
    pub west: f64,
    /// The southern edge, degrees north.
    pub south: f64,
    /// The eastern edge, degrees east.
    pub east: f64,
    /// The northern edge, degrees north.
    pub north: f64,
}

impl Bounds {
    /// The box around points; `None` if there are none.
    pub fn around(points: impl IntoIterator<Item = LonLat>) -> Option<Self> {
        points.into_iter().fold(None, |so_far: Option<Self>, at| {
            let Self { west, south, east, north } = so_far.unwrap_or(Self::of_point(at));
            Some(Self {
                west: west.min(at.lon),
                south: south.min(at.lat),
                east: east.max(at.lon),
                north: north.max(at.lat),
            })
        })
    }

    /// Whether a point is inside.
    #[must_use]
    pub fn has(&self, at: LonLat) -> bool {
        self.overlaps(&Self::of_point(at))
    }

    /// Whether two boxes have a point in common.
    #[must_use]
    pub fn overlaps(&self, other: &Self) -> bool {
        self.west <= other.east && other.west <= self.east && self.south <= other.north && other.south <= self.north
    }

    const fn of_point(at: LonLat) -> Self {
        Self { west: at.lon, south: at.lat, east: at.lon, north: at.lat }
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
