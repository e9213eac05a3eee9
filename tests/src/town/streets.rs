//! The street plan: a grid bent into curves, with a river, two bridges, dead ends and parks.

use super::{Spot, names};
use porchlight_model::place::{Area, AreaKind, Street, StreetClass};
use rand::Rng;
use std::f64::consts::TAU;

/// Metres between crossings, east-west and north-south.
const BLOCK_M: (f64, f64) = (130.0, 95.0);
/// Houses that an average block's two streets take.
const HOMES_PER_BLOCK: f64 = 24.0;
/// The width of the river's valley.
const RIVER_M: f64 = 160.0;
/// The number of points of a stretch between two crossings, so that it curves.
const POINTS_PER_STRETCH: usize = 5;

/// One stretch of street between two crossings, with houses on it or not.
#[derive(Debug, Clone)]
pub(super) struct Stretch {
    /// The street's name as on the sign.
    pub(super) name: String,
    /// The house number at its beginning, a multiple of 100.
    pub(super) first_number: u32,
    /// Its line.
    pub(super) line: Vec<Spot>,
    /// Whether there are houses along it; bridges have none.
    pub(super) is_lived_on: bool,
    /// The row of blocks, for precincts.
    pub(super) row: usize,
    /// The column of blocks, for precincts.
    pub(super) column: usize,
}

/// The plan of a town.
#[derive(Debug)]
pub(super) struct Plan {
    pub(super) streets: Vec<Street>,
    pub(super) areas: Vec<Area>,
    pub(super) stretches: Vec<Stretch>,
    pub(super) n_rows: usize,
    pub(super) n_columns: usize,
}

/// The distortion of the grid.
struct Bend {
    phases: [f64; 4],
    river_row: usize,
}

impl Bend {
    /// The position of the crossing of column `i` and row `j` (or a point in between).
    fn spot(&self, i: f64, j: f64) -> Spot {
        let (x, y) = (i * BLOCK_M.0, j * BLOCK_M.1);
        let [a, b, c, d] = self.phases;
        let valley = if j > self.river_row as f64 { RIVER_M } else { 0.0 };
        Spot {
            x: x + 34.0 * (y / 410.0 * TAU / 2.0 + a).sin() + 12.0 * (y / 130.0 + b).sin(),
            y: y + valley + 30.0 * (x / 520.0 * TAU / 2.0 + c).sin() + 9.0 * (x / 170.0 + d).sin(),
        }
    }
}

/// Rounds up a count, which always fits.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a town's blocks are few")]
const fn whole(number: f64) -> usize {
    number.ceil() as usize
}

impl Plan {
    pub(super) fn new(rng: &mut impl Rng, n_doors: usize) -> Self {
        // With a reserve, because parks and dead ends take some of it.
        let n_blocks = (n_doors as f64 * 1.25 / HOMES_PER_BLOCK).max(12.0);
        let side = n_blocks.sqrt();
        let n_columns = whole(side * 0.95);
        let n_rows = whole(side * 1.15) + 1;
        let bend = Bend { phases: std::array::from_fn(|_| rng.random_range(0.0..TAU)), river_row: n_rows / 2 };
        let mut plan = Self { streets: Vec::new(), areas: Vec::new(), stretches: Vec::new(), n_rows, n_columns };
        let mut names = names::street_names(rng);
        let bridges = [n_columns / 4, n_columns - n_columns / 4];
        for j in 0..=n_rows {
            let name = names.next_name(j == n_rows / 4);
            for i in 0..n_columns {
                plan.lay(rng, &bend, (i, j), (i + 1, j), &name, &bridges);
            }
        }
        for i in 0..=n_columns {
            let name = names.next_name(bridges.contains(&i));
            for j in 0..n_rows {
                plan.lay(rng, &bend, (i, j), (i, j + 1), &name, &bridges);
            }
        }
        plan.flow(&bend);
        plan.plant(rng, &bend);
        plan
    }

    /// Lays one stretch from a crossing to the next, unless the river or chance prevents it.
    fn lay(
        &mut self,
        rng: &mut impl Rng,
        bend: &Bend,
        from: (usize, usize),
        to: (usize, usize),
        name: &str,
        bridges: &[usize; 2],
    ) {
        let goes_north = from.0 == to.0;
        let crosses_river = goes_north && from.1 == bend.river_row;
        if crosses_river && !bridges.contains(&from.0) {
            return;
        }
        let is_through = name.ends_with("Avenue") || name.ends_with("Road");
        let is_inside = from.0 > 0 && from.0 < self.n_columns && from.1 > 0 && from.1 < self.n_rows;
        let chance: f64 = rng.random();
        // A dead end stops half way; a missing one leaves a longer block. The rest of the grid keeps the town connected.
        let may_vary = !is_through && is_inside && goes_north && from.0 % 2 == 1;
        let share = match (may_vary, chance) {
            (true, ..0.16) => 0.55,
            (true, 0.16..0.22) => return,
            _ => 1.0,
        };
        let line: Vec<Spot> = (0..POINTS_PER_STRETCH)
            .map(|point| {
                let t = share * point as f64 / (POINTS_PER_STRETCH - 1) as f64;
                let (i, j) = (from.0 as f64, from.1 as f64);
                if crosses_river {
                    let (a, b) = (bend.spot(i, j), bend.spot(i, j + 1.0));
                    Spot { x: a.x + (b.x - a.x) * t, y: a.y + (b.y - a.y) * t }
                } else if goes_north {
                    bend.spot(i, j + t)
                } else {
                    bend.spot(i + t, j)
                }
            })
            .collect();
        let class = if is_through { StreetClass::Through } else { StreetClass::Local };
        self.streets.push(Street {
            name: name.to_owned(),
            class,
            line: line.iter().map(|spot| spot.lon_lat()).collect(),
        });
        let block = if goes_north { from.1 } else { from.0 };
        self.stretches.push(Stretch {
            name: name.to_owned(),
            first_number: (u32::try_from(block).unwrap_or(u32::MAX - 1) + 1) * 100,
            line,
            is_lived_on: !crosses_river,
            row: from.1,
            column: from.0,
        });
    }

    /// Lets the river flow through its valley.
    fn flow(&mut self, bend: &Bend) {
        let row = bend.river_row as f64;
        let bank = |i: usize, share: f64| {
            let i = i as f64 / 2.0 - 1.0;
            let (south, north) = (bend.spot(i, row), bend.spot(i, row + 1.0));
            south.towards(north, south.distance(north) * share, 0.0)
        };
        let n = (self.n_columns + 2) * 2;
        let mut ring: Vec<Spot> = (0..=n).map(|i| bank(i, 0.36)).collect();
        ring.extend((0..=n).rev().map(|i| bank(i, 0.68)));
        ring.extend(ring.first().copied());
        self.areas.push(area(AreaKind::Water, &ring));
    }

    /// Plants a park in the middle of some blocks.
    fn plant(&mut self, rng: &mut impl Rng, bend: &Bend) {
        let n_parks = (self.n_rows * self.n_columns / 40).max(1);
        for _ in 0..n_parks {
            let i = rng.random_range(0..self.n_columns) as f64;
            let j = rng.random_range(0..self.n_rows);
            if j == bend.river_row {
                continue;
            }
            let j = j as f64;
            let ring = [(0.3, 0.38), (0.7, 0.38), (0.7, 0.62), (0.3, 0.62), (0.3, 0.38)];
            let ring: Vec<Spot> = ring.iter().map(|(di, dj)| bend.spot(i + di, j + dj)).collect();
            self.areas.push(area(AreaKind::Park, &ring));
        }
    }
}

pub(super) fn area(kind: AreaKind, ring: &[Spot]) -> Area {
    Area { kind, ring: ring.iter().map(|spot| spot.lon_lat()).collect() }
}
