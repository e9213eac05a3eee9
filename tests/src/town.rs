//! The demo town: invented from a seed, plausible, and written out as the files that real towns come in.
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

/// Invents a town of `n_doors` doors and about 2.2 voters behind each.
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
    /// The point `along` metres towards `to` and `left` metres to the left of that way.
    pub(crate) fn towards(self, to: Self, along: f64, left: f64) -> Self {
        let (dx, dy) = (to.x - self.x, to.y - self.y);
        let length = dx.hypot(dy).max(0.001);
        Self { x: self.x + (dx * along - dy * left) / length, y: self.y + (dy * along + dx * left) / length }
    }

    /// Metres to another point.
    pub(crate) fn distance(self, to: Self) -> f64 {
        (to.x - self.x).hypot(to.y - self.y)
    }

    /// On the globe, rounded to 7 decimals: near 35.9° north, in a place that is farmland.
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
    use std::collections::BTreeSet;

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
}
