//! An area drawn by hand: which rings of corners are valid polygons.

use crate::place::LonLat;

/// The most corners of a drawn area.
pub const MAX_CORNERS: usize = 500;
/// Corners closer than this are one: a finger tapped twice.
const SAME_CORNER_M: f64 = 1.0;

/// Why a ring of corners is not a valid area.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// It has fewer than three corners.
    TooFew,
    /// It has more than [`MAX_CORNERS`].
    TooMany,
    /// A corner is not a valid coordinate.
    NoPlace,
    /// Its lines cross, touch or run back over themselves, so its inside is ambiguous.
    Crosses,
}

/// The ring with one more corner, unless that repeats the last one.
#[must_use]
pub fn with_corner(ring: &[LonLat], at: LonLat) -> Vec<LonLat> {
    let mut ring = ring.to_vec();
    if ring.last().is_none_or(|last| last.distance_m(at) >= SAME_CORNER_M) {
        ring.push(at);
    }
    ring
}

/// The ring with each corner once: without repeated corners, and without the first one at its end.
///
/// # Errors
/// When what is left is not a valid area.
pub fn checked(ring: &[LonLat]) -> Result<Vec<LonLat>, Fault> {
    let is_place = |at: &LonLat| at.lon.abs() <= 180.0 && at.lat.abs() <= 90.0;
    if !ring.iter().all(is_place) {
        return Err(Fault::NoPlace);
    }
    let mut corners = ring.iter().fold(Vec::new(), |corners, at| with_corner(&corners, *at));
    while corners.len() > 1 && corners[0].distance_m(corners[corners.len() - 1]) < SAME_CORNER_M {
        corners.pop();
    }
    match corners.len() {
        0..3 => Err(Fault::TooFew),
        n if n > MAX_CORNERS => Err(Fault::TooMany),
        _ if crosses(&corners) => Err(Fault::Crosses),
        _ => Ok(corners),
    }
}

/// Whether the lines of a closed ring cross, touch or run back over themselves.
#[must_use]
pub fn crosses(ring: &[LonLat]) -> bool {
    let n = ring.len();
    let line = |at: usize| (ring[at % n], ring[(at + 1) % n]);
    (0..n).any(|one| {
        (one + 1..n).any(|other| {
            if other == one + 1 {
                runs_back(line(one), line(other).1)
            } else if one == 0 && other == n - 1 {
                runs_back(line(other), line(one).1)
            } else {
                meet(line(one), line(other))
            }
        })
    })
}

type Line = (LonLat, LonLat);

/// On which side of a line a point lies: 1 left, −1 right, 0 on it.
fn side(line: Line, at: LonLat) -> i8 {
    let (a, b) = line;
    let twice_area = (b.lon - a.lon) * (at.lat - a.lat) - (b.lat - a.lat) * (at.lon - a.lon);
    if twice_area > 0.0 {
        1
    } else if twice_area < 0.0 {
        -1
    } else {
        0
    }
}

/// Whether a line that continues from `line` to `next` runs back over it.
fn runs_back(line: Line, next: LonLat) -> bool {
    let (a, b) = line;
    let along = (b.lon - a.lon) * (next.lon - b.lon) + (b.lat - a.lat) * (next.lat - b.lat);
    side(line, next) == 0 && along < 0.0
}

fn meet(one: Line, other: Line) -> bool {
    let (a, b) = (side(one, other.0), side(one, other.1));
    let (c, d) = (side(other, one.0), side(other, one.1));
    let is_on = |line: Line, at: LonLat| {
        let within = |x: f64, y: f64, z: f64| x.min(y) <= z && z <= x.max(y);
        within(line.0.lon, line.1.lon, at.lon) && within(line.0.lat, line.1.lat, at.lat)
    };
    (a * b < 0 && c * d < 0)
        || (a == 0 && is_on(one, other.0))
        || (b == 0 && is_on(one, other.1))
        || (c == 0 && is_on(other, one.0))
        || (d == 0 && is_on(other, one.1))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Corners in hundredths of a degree around a town.
    fn ring(corners: &[(i32, i32)]) -> Vec<LonLat> {
        let at = |&(x, y): &(i32, i32)| LonLat { lon: -77.0 + f64::from(x) / 100.0, lat: 38.0 + f64::from(y) / 100.0 };
        corners.iter().map(at).collect()
    }

    #[test]
    fn a_ring_whose_lines_cross_is_no_area() {
        let wrong: [(&str, &[(i32, i32)]); 7] = [
            ("a bow tie", &[(0, 0), (2, 2), (2, 0), (0, 2)]),
            ("a star", &[(0, 3), (2, -3), (-3, 1), (3, 1), (-2, -3)]),
            ("a loop at the end", &[(0, 0), (4, 0), (4, 4), (2, -1)]),
            ("two areas that touch in a corner", &[(0, 0), (2, 2), (4, 0), (4, 4), (2, 2), (0, 4)]),
            ("a corner on a line", &[(0, 0), (4, 0), (4, 4), (2, 0), (0, 4)]),
            ("there and back", &[(0, 0), (4, 0), (2, 0)]),
            ("a spike", &[(0, 0), (4, 0), (4, 4), (4, 2), (0, 4)]),
        ];
        for (name, corners) in wrong {
            assert_eq!(checked(&ring(corners)), Err(Fault::Crosses), "{name}");
        }
    }

    #[test]
    fn a_ring_with_a_clear_inside_is_taken_as_it_was_drawn() {
        let right: [(&str, &[(i32, i32)]); 5] = [
            ("a triangle", &[(0, 0), (4, 0), (0, 4)]),
            ("the other way round", &[(0, 4), (4, 0), (0, 0)]),
            ("a U", &[(0, 0), (6, 0), (6, 4), (4, 4), (4, 2), (2, 2), (2, 4), (0, 4)]),
            ("a corner on a straight line", &[(0, 0), (2, 0), (4, 0), (4, 4), (0, 4)]),
            ("a spiral", &[(0, 0), (8, 0), (8, 8), (2, 8), (2, 4), (4, 4), (4, 6), (6, 6), (6, 2), (0, 2)]),
        ];
        for (name, corners) in right {
            assert_eq!(checked(&ring(corners)), Ok(ring(corners)), "{name}");
        }
    }

    #[test]
    fn corners_tapped_twice_are_one_and_a_closed_ring_is_opened() {
        let square = [(0, 0), (4, 0), (4, 4), (0, 4)];
        let twice = ring(&[(0, 0), (0, 0), (4, 0), (4, 4), (4, 4), (4, 4), (0, 4), (0, 0)]);
        assert_eq!(checked(&twice), Ok(ring(&square)));
        assert_eq!(with_corner(&ring(&square), ring(&square)[3]), ring(&square));
    }

    #[test]
    fn what_cannot_be_an_area_is_told_apart() {
        assert_eq!(checked(&ring(&[(0, 0), (4, 0), (0, 0)])), Err(Fault::TooFew));
        assert_eq!(checked(&[]), Err(Fault::TooFew));
        let nowhere = LonLat { lon: f64::NAN, lat: 1.0 };
        assert_eq!(checked(&[nowhere; 4]), Err(Fault::NoPlace));
        let around = (0..600_i32).map(|n| {
            let (sin, cos) = (f64::from(n) / 600.0 * std::f64::consts::TAU).sin_cos();
            LonLat { lon: cos, lat: sin }
        });
        assert_eq!(checked(&around.collect::<Vec<_>>()), Err(Fault::TooMany));
    }
}
