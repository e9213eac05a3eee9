//! The demo town: generated from a seed, plausible, and written in the file formats of real towns.
//!
//! Streets curve and end, a river has two bridges, house numbers rise along each street with odd and even sides, and every
//! person is plainly invented. The same seed gives the same bytes.

mod files;
mod homes;
mod names;
mod people;
mod streets;

pub use homes::Home;
pub use people::Resident;

use porchlight_model::place::{Area, LonLat, Street};
use rand::SeedableRng;
use rand_chacha::ChaCha12Rng;
use std::path::Path;

/// An invented town.
#[derive(Debug, Clone)]
pub struct Town {
    /// Its streets, cut at crossings.
    pub streets: Vec<Street>,
    /// River, parks and building outlines.
    pub areas: Vec<Area>,
    /// Its homes: each one door.
    pub homes: Vec<Home>,
    /// Its residents in the order of the voter file, some of them confidential or removed from the roll.
    pub residents: Vec<Resident>,
}

/// Generates a town of `n_doors` doors with about 2.2 voters each.
#[must_use]
pub fn generate(seed: u64, n_doors: usize) -> Town {
    let mut rng = ChaCha12Rng::seed_from_u64(seed);
    let plan = streets::Plan::new(&mut rng, n_doors);
    let (homes, mut areas) = homes::build(&mut rng, &plan, n_doors);
    areas.extend(plan.areas.iter().cloned());
    let residents = people::settle(&mut rng, &homes);
    Town { streets: plan.streets, areas, homes, residents }
}

impl Town {
    /// Writes `voters.txt` (North Carolina layout), `addresses.csv` (OpenAddresses) and `streets.geojson` into `folder`.
    ///
    /// # Errors
    /// When a file cannot be written.
    pub fn write(&self, folder: &Path) -> std::io::Result<()> {
        std::fs::create_dir_all(folder)?;
        std::fs::write(folder.join("voters.txt"), files::voters(self))?;
        std::fs::write(folder.join("addresses.csv"), files::addresses(self))?;
        std::fs::write(folder.join("streets.geojson"), files::streets(self))
    }
}

/// A point in metres east and north of the town's corner.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Spot {
    pub(crate) x: f64,
    pub(crate) y: f64,
}

impl Spot {
    /// The point `along` metres towards `to` and `left` metres to the left of that line.
    pub(crate) fn towards(self, to: Self, along: f64, left: f64) -> Self {
        let (dx, dy) = (to.x - self.x, to.y - self.y);
        let length = dx.hypot(dy).max(0.001);
        Self { x: self.x + (dx * along - dy * left) / length, y: self.y + (dy * along + dx * left) / length }
    }

    /// Metres to another point.
    pub(crate) fn distance(self, to: Self) -> f64 {
        (to.x - self.x).hypot(to.y - self.y)
    }

    /// Converts to coordinates, rounded to 7 decimals: near 35.9° north, in a place that is farmland.
    pub(crate) fn lon_lat(self) -> LonLat {
        const LAT: f64 = 35.912;
        let round = |degrees: f64| (degrees * 1e7).round() / 1e7;
        LonLat {
            lon: round(-79.874 + self.x / (111_195.0 * LAT.to_radians().cos())),
            lat: round(LAT + self.y / 111_195.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::generate;
    use geo::{Intersects, LineString, Polygon};
    use porchlight_model::place::{AreaKind, LonLat, Street};
    use std::collections::{BTreeMap, BTreeSet};

    #[test]
    fn a_town_is_the_same_from_the_same_seed_and_another_from_another() {
        let (one, same, other) = (generate(1, 600), generate(1, 600), generate(2, 600));
        assert_eq!(super::files::voters(&one), super::files::voters(&same));
        assert_eq!(super::files::addresses(&one), super::files::addresses(&same));
        assert_eq!(super::files::streets(&one), super::files::streets(&same));
        assert_ne!(super::files::voters(&one), super::files::voters(&other));
    }

    #[test]
    fn the_demo_town_has_its_doors_and_voters() {
        let town = generate(1, 5_000);
        assert_eq!(town.homes.len(), 5_000);
        let n_voters = town.residents.iter().filter(|resident| resident.is_on_the_roll()).count();
        assert_eq!(n_voters, 11_000);
        assert!(town.residents.iter().any(|resident| resident.is_confidential));
        let addresses: BTreeSet<String> = town.homes.iter().map(super::Home::address).collect();
        assert_eq!(addresses.len(), 5_000, "no two homes share an address");
    }

    #[test]
    fn the_demo_town_has_a_river_with_two_bridges_dead_ends_curves_sides_and_buildings() {
        let town = generate(1, 5_000);
        let river = town.areas.iter().find(|area| area.kind == AreaKind::Water).map(|area| &area.ring);
        let river = Polygon::new(river.into_iter().flatten().map(|at| (at.lon, at.lat)).collect(), Vec::new());
        let line = |street: &Street| street.line.iter().map(|at| (at.lon, at.lat)).collect::<LineString>();
        assert_eq!(town.streets.iter().filter(|street| line(street).intersects(&river)).count(), 2, "bridges");

        let at = |at: &LonLat| (at.lon.to_bits(), at.lat.to_bits());
        let mut n_at: BTreeMap<(u64, u64), u32> = BTreeMap::new();
        for end in town.streets.iter().flat_map(|street| [street.line.first(), street.line.last()]).flatten() {
            *n_at.entry(at(end)).or_default() += 1;
        }
        assert!(n_at.values().filter(|n| **n == 1).count() > 5, "dead ends");
        let is_bent = |street: &&Street| {
            let line = line(street);
            let straight: f64 = line.0.first().zip(line.0.last()).map_or(0.0, |(a, b)| (a.x - b.x).hypot(a.y - b.y));
            line.lines().map(|part| part.dx().hypot(part.dy())).sum::<f64>() > straight * 1.002
        };
        assert!(town.streets.iter().filter(is_bent).count() > 10, "curves");

        let numbers = town.homes.iter().filter_map(|home| home.number.parse::<u32>().ok());
        let n_even = numbers.filter(|number| number % 2 == 0).count();
        assert!((1_500..3_500).contains(&n_even), "{n_even} homes on the even side");
        let n_units = town.homes.iter().filter(|home| !home.unit.is_empty()).count();
        assert!((250..2_500).contains(&n_units), "{n_units} units in buildings");
    }
}
