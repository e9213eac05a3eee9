//! Homes along the streets: houses on lots, odd numbers left and even right, and apartment buildings of many units.

use super::streets::{Plan, Stretch, area};
use super::{Spot, names};
use porchlight_model::place::{Area, AreaKind, LonLat};
use rand::Rng;
use rand::seq::SliceRandom;

/// The width of a house's lot in metres.
const LOT_M: f64 = 17.0;
/// The distance from a crossing to the first house in metres.
const CORNER_M: f64 = 14.0;
/// The distance from the middle of the street to a house in metres.
const SETBACK_M: f64 = 15.0;
/// One lot in this many has an apartment building.
const LOTS_PER_BUILDING: u32 = 45;

/// One home: one door.
#[derive(Debug, Clone, PartialEq)]
pub struct Home {
    /// House number, with its suffix.
    pub number: String,
    /// Street name as on the sign.
    pub street: String,
    /// Unit, empty for a house.
    pub unit: String,
    /// Its coordinates.
    pub at: LonLat,
    /// Postal code.
    pub zip: String,
    /// Precinct.
    pub precinct: String,
    /// Whether the address file knows it.
    pub is_in_address_file: bool,
}

impl Home {
    /// The address in uppercase with the postal service's abbreviations, as voter files write it.
    #[must_use]
    pub fn address(&self) -> String {
        let street = names::abbreviate(&self.street).to_uppercase();
        if self.unit.is_empty() {
            format!("{} {street}", self.number)
        } else {
            format!("{} {street} APT {}", self.number, self.unit)
        }
    }
}

/// Builds `n_doors` homes along the plan's streets, and the outlines of their buildings.
pub(super) fn build(rng: &mut impl Rng, plan: &Plan, n_doors: usize) -> (Vec<Home>, Vec<Area>) {
    let (mut homes, mut outlines) = (Vec::with_capacity(n_doors), Vec::new());
    for stretch in plan.stretches.iter().filter(|stretch| stretch.is_lived_on) {
        line_up(rng, plan, stretch, &mut homes, &mut outlines);
    }
    // Too few lots: the largest buildings get more floors. Too many: the last streets are not built on yet.
    let mut floor = 20;
    while homes.len() < n_doors {
        floor += 1;
        let tall: Vec<Home> = homes.iter().filter(|home| home.unit == "1A" || home.unit == "101").cloned().collect();
        let base: Vec<Home> = if tall.is_empty() { homes.iter().take(20).cloned().collect() } else { tall };
        homes.extend(base.into_iter().map(|home| Home { unit: format!("{floor}A"), ..home }));
    }
    homes.truncate(n_doors);
    let mut unknown: Vec<usize> = (0..homes.len()).collect();
    unknown.shuffle(rng);
    for index in unknown.into_iter().take(n_doors / 120) {
        homes[index].is_in_address_file = false;
    }
    (homes, outlines)
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a street's lots are few")]
fn line_up(rng: &mut impl Rng, plan: &Plan, stretch: &Stretch, homes: &mut Vec<Home>, outlines: &mut Vec<Area>) {
    let length: f64 = stretch.line.windows(2).map(|pair| pair[0].distance(pair[1])).sum();
    let n_lots = ((length - 2.0 * CORNER_M) / LOT_M).floor().max(0.0) as u32;
    let precinct_row = stretch.row * 3 / (plan.n_rows + 1);
    let precinct_column = stretch.column * 2 / (plan.n_columns + 1);
    let precinct = format!("{:02}", precinct_row * 2 + precinct_column + 1);
    let zip = if precinct_row == 0 { "27999" } else { "27998" };
    for lot in 0..n_lots {
        for is_left in [true, false] {
            if rng.random_ratio(1, 14) {
                continue;
            }
            let along = CORNER_M + (f64::from(lot) + 0.5) * LOT_M + rng.random_range(-2.5..2.5);
            let side = if is_left { SETBACK_M } else { -SETBACK_M };
            let at = place(&stretch.line, along, side + rng.random_range(-2.0..2.0));
            let number = stretch.first_number + lot * 4 + if is_left { 1 } else { 2 };
            let home = Home {
                number: number.to_string(),
                street: stretch.name.clone(),
                unit: String::new(),
                at: at.lon_lat(),
                zip: zip.to_owned(),
                precinct: precinct.clone(),
                is_in_address_file: true,
            };
            let is_building = rng.random_ratio(1, LOTS_PER_BUILDING);
            outlines.push(outline(at, place(&stretch.line, along, side * 2.0), if is_building { 11.0 } else { 5.5 }));
            if is_building {
                homes.extend(units(rng).into_iter().map(|unit| Home { unit, ..home.clone() }));
            } else {
                homes.push(home.clone());
                if rng.random_ratio(1, 90) {
                    homes.push(Home { number: format!("{number}A"), ..home });
                }
            }
        }
    }
}

/// The units of a building of 2 to 8 floors, named `3B` or `302`.
fn units(rng: &mut impl Rng) -> Vec<String> {
    let n_floors = rng.random_range(2_u32..=8);
    let per_floor = rng.random_range(2_u32..=5);
    let has_letters: bool = rng.random();
    let mut units = Vec::new();
    for floor in 1..=n_floors {
        for unit in 0..per_floor {
            units.push(if has_letters {
                format!("{floor}{}", char::from(b'A' + u8::try_from(unit).unwrap_or(25)))
            } else {
                format!("{floor}{:02}", unit + 1)
            });
        }
    }
    units
}

/// The point `along` metres down a line and `left` metres beside it.
fn place(line: &[Spot], along: f64, left: f64) -> Spot {
    let mut left_over = along;
    for pair in line.windows(2) {
        let length = pair[0].distance(pair[1]);
        if left_over <= length {
            return pair[0].towards(pair[1], left_over, left);
        }
        left_over -= length;
    }
    line.last().copied().unwrap_or(Spot { x: 0.0, y: 0.0 })
}

/// A square outline around a point, turned towards another.
fn outline(at: Spot, towards: Spot, half_m: f64) -> Area {
    let front = at.towards(towards, half_m, 0.0);
    let back = at.towards(towards, -half_m, 0.0);
    let corner = |spot: Spot, left: f64| {
        let along = spot.distance(at).copysign(1.0);
        let sign = if spot == front { along } else { -along };
        at.towards(towards, sign, left)
    };
    let ring = [
        corner(front, half_m),
        corner(front, -half_m),
        corner(back, -half_m),
        corner(back, half_m),
        corner(front, half_m),
    ];
    area(AreaKind::Building, &ring)
}
