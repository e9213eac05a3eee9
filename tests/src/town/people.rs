//! The people of the town, household by household.

use super::homes::Home;
use super::names;
use rand::Rng;
use rand::seq::SliceRandom;

/// One row of the voter file.
#[derive(Debug, Clone)]
pub struct Resident {
    /// The index of their home.
    pub home: usize,
    /// Given name.
    pub first: String,
    /// Middle name; often empty.
    pub middle: String,
    /// Family name.
    pub last: String,
    /// Age in years.
    pub age: u8,
    /// Party: `DEM`, `REP`, `UNA`, `LIB`.
    pub party: &'static str,
    /// `M`, `F` or `U`.
    pub gender: &'static str,
    /// Telephone in digits; often empty. All are in the range kept for fiction.
    pub phone: String,
    /// `A` active, `I` inactive, `R` removed, `D` denied.
    pub status: char,
    /// Whether the file marks them as confidential.
    pub is_confidential: bool,
    /// Whether the file misspells their street.
    pub has_typo: bool,
}

impl Resident {
    /// Whether they count as a voter: registered, and not confidential.
    #[must_use]
    pub const fn is_on_the_roll(&self) -> bool {
        !self.is_confidential && matches!(self.status, 'A' | 'I')
    }
}

/// Fills the homes: 11 voters for 5 doors, at least one at each; further rows are confidential, removed or denied.
pub(super) fn settle(rng: &mut impl Rng, homes: &[Home]) -> Vec<Resident> {
    let n_voters = homes.len() * 11 / 5;
    let mut counts = vec![1_usize; homes.len()];
    for _ in homes.len()..n_voters {
        let index = (0..4).map(|_| rng.random_range(0..homes.len())).find(|index| counts[*index] < 6).unwrap_or(0);
        counts[index] += 1;
    }
    let mut residents = Vec::with_capacity(n_voters + n_voters / 40);
    for (home, n) in counts.into_iter().enumerate() {
        let family = names::last(rng);
        for _ in 0..n {
            let mut resident = person(rng, home, &family);
            resident.has_typo = rng.random_ratio(1, 700);
            residents.push(resident);
        }
        if rng.random_ratio(1, 80) {
            let mut resident = person(rng, home, &family);
            resident.is_confidential = true;
            residents.push(resident);
        }
        if rng.random_ratio(1, 40) {
            let mut resident = person(rng, home, &family);
            resident.status = if rng.random_ratio(1, 5) { 'D' } else { 'R' };
            residents.push(resident);
        }
    }
    residents.shuffle(rng);
    residents
}

fn person(rng: &mut impl Rng, home: usize, family: &str) -> Resident {
    let pick = |rng: &mut dyn rand::RngCore| names::FIRST[rng.random_range(0..names::FIRST.len())].to_owned();
    Resident {
        home,
        first: pick(rng),
        middle: if rng.random_ratio(1, 3) { pick(rng) } else { String::new() },
        last: if rng.random_ratio(1, 5) { names::last(rng) } else { family.to_owned() },
        age: rng.random_range(18..=96),
        party: ["DEM", "DEM", "DEM", "REP", "REP", "REP", "UNA", "UNA", "UNA", "UNA", "LIB"][rng.random_range(0..11)],
        gender: ["F", "F", "F", "M", "M", "M", "U"][rng.random_range(0..7)],
        phone: if rng.random_ratio(1, 2) { format!("91955501{:02}", rng.random_range(0..100)) } else { String::new() },
        status: if rng.random_ratio(1, 12) { 'I' } else { 'A' },
        is_confidential: false,
        has_typo: false,
    }
}
