//! The ground of a turf: its outline, and the part of the map that its pack carries.

use super::stops::Stop;
use geo::{ConcaveHull, Contains, Coord, Polygon};
use porchlight_model::place::{LonLat, MapSheet};

/// The margin between the doors and the outline, in degrees of latitude: about 20 m.
const ROOM_DEGREES: f64 = 0.000_18;
/// How far the map extends beyond the doors, in degrees: about 250 m.
const MARGIN_DEGREES: f64 = 0.002_5;

/// A closed ring around all stops.
pub(crate) fn outline(stops: &[Stop]) -> Vec<LonLat> {
    let mut around: Vec<Coord<f64>> = Vec::with_capacity(stops.len() * 8);
    for stop in stops {
        let stretch = stop.at.lat.to_radians().cos().max(0.1);
        for eighth in 0..8_u8 {
            let (sin, cos) = (f64::from(eighth) * std::f64::consts::FRAC_PI_4).sin_cos();
            around.push(Coord { x: stop.at.lon + ROOM_DEGREES / stretch * cos, y: stop.at.lat + ROOM_DEGREES * sin });
        }
    }
    let hull: Polygon<f64> = around.concave_hull();
    hull.exterior().coords().map(|coord| LonLat::from(*coord)).collect()
}

/// The streets and areas in and around the stops.
pub(crate) fn sheet(town: &MapSheet, stops: &[Stop]) -> MapSheet {
    let mut area = Frame::NOTHING;
    stops.iter().for_each(|stop| area.add(stop.at));
    let area = area.grown();
    MapSheet {
        streets: town.streets.iter().filter(|street| area.meets(&street.line)).cloned().collect(),
        areas: town.areas.iter().filter(|filled| area.meets(&filled.ring)).cloned().collect(),
    }
}

/// Returns a test for whether a drawn ring contains a point.
pub(crate) fn ring(points: &[LonLat]) -> impl Fn(LonLat) -> bool + use<> {
    let ring = points.iter().map(|point| Coord::from(*point)).collect::<Vec<_>>();
    let polygon = Polygon::new(ring.into(), Vec::new());
    move |at| polygon.contains(&Coord::from(at))
}

/// A bounding box in degrees.
struct Frame {
    west: f64,
    south: f64,
    east: f64,
    north: f64,
}

impl Frame {
    const NOTHING: Self =
        Self { west: f64::INFINITY, south: f64::INFINITY, east: f64::NEG_INFINITY, north: f64::NEG_INFINITY };

    fn add(&mut self, at: LonLat) {
        self.west = self.west.min(at.lon);
        self.east = self.east.max(at.lon);
        self.south = self.south.min(at.lat);
        self.north = self.north.max(at.lat);
    }

    const fn grown(self) -> Self {
        Self {
            west: self.west - MARGIN_DEGREES,
            south: self.south - MARGIN_DEGREES,
            east: self.east + MARGIN_DEGREES,
            north: self.north + MARGIN_DEGREES,
        }
    }

    /// Whether the bounding box of a line intersects this one.
    fn meets(&self, line: &[LonLat]) -> bool {
        let mut of_line = Self::NOTHING;
        line.iter().for_each(|at| of_line.add(*at));
        of_line.west <= self.east
            && of_line.east >= self.west
            && of_line.south <= self.north
            && of_line.north >= self.south
    }
}
