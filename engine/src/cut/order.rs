//! The walking order: runs along street faces, chained so that little is walked twice.

use super::stops::{Stop, group, runs};
use porchlight_model::place::LonLat;

/// Walking speed in metres per second, including doorsteps and looking at the phone.
const WALK_M_PER_S: f64 = 1.2;
/// How much longer a walked path is than the straight line.
const DETOUR: f64 = 1.25;
/// Average seconds at a door, over those that open and those that do not.
const DOOR_S: f64 = 150.0;
/// A gap along a face that ends a run, in metres.
const GAP_M: f64 = 150.0;
/// The maximum number of improvement rounds; a turf needs a handful.
const MAX_ROUNDS: usize = 50;

/// A run of stops along one street face, walked in either direction.
struct Run {
    stops: Vec<Stop>,
    is_down: bool,
}

impl Run {
    fn ends(&self) -> (LonLat, LonLat) {
        let (first, last) = (self.stops[0].at, self.stops[self.stops.len() - 1].at);
        if self.is_down { (last, first) } else { (first, last) }
    }
}

/// Sorts stops into walking order.
pub(crate) fn order(stops: Vec<Stop>) -> Vec<Stop> {
    let doors = stops.into_iter().flat_map(|stop| stop.doors).collect();
    let mut left: Vec<Run> = runs(group(doors), GAP_M).into_iter().map(|stops| Run { stops, is_down: false }).collect();
    let mut chain: Vec<Run> = Vec::with_capacity(left.len());
    // Greedy: begin in the south-west, then always go to the nearest end of a run.
    let west = left.iter().map(|run| run.stops[0].at.lon).fold(f64::INFINITY, f64::min);
    let south = left.iter().map(|run| run.stops[0].at.lat).fold(f64::INFINITY, f64::min);
    let mut here = LonLat { lon: west, lat: south };
    while !left.is_empty() {
        let mut best = (f64::INFINITY, 0, false);
        for (index, run) in left.iter().enumerate() {
            let (first, last) = run.ends();
            for (to, is_down) in [(first, false), (last, true)] {
                let away = here.distance_m(to);
                if away < best.0 {
                    best = (away, index, is_down);
                }
            }
        }
        let mut run = left.remove(best.1);
        run.is_down = best.2;
        here = run.ends().1;
        chain.push(run);
    }
    improve(&mut chain);
    chain
        .into_iter()
        .flat_map(|run| if run.is_down { run.stops.into_iter().rev().collect() } else { run.stops })
        .collect()
}

/// Reverses sections of the chain while that shortens the walk (2-opt).
fn improve(chain: &mut [Run]) {
    for _ in 0..MAX_ROUNDS {
        let mut is_better = false;
        for from in 0..chain.len() {
            for to in from..chain.len() {
                let before = from.checked_sub(1).map(|index| chain[index].ends().1);
                let after = chain.get(to + 1).map(|run| run.ends().0);
                let (first, last) = (chain[from].ends().0, chain[to].ends().1);
                let step = |a: Option<LonLat>, b: Option<LonLat>| a.zip(b).map_or(0.0, |(a, b)| a.distance_m(b));
                let now = step(before, Some(first)) + step(Some(last), after);
                let turned = step(before, Some(last)) + step(Some(first), after);
                if turned + 0.01 < now {
                    chain[from..=to].reverse();
                    for run in &mut chain[from..=to] {
                        run.is_down = !run.is_down;
                    }
                    is_better = true;
                }
            }
        }
        if !is_better {
            return;
        }
    }
}

/// The minutes for walking and knocking, rounded up.
pub(crate) fn minutes(stops: &[Stop]) -> u32 {
    let metres: f64 = stops.windows(2).map(|pair| pair[0].at.distance_m(pair[1].at)).sum();
    let n_doors: usize = stops.iter().map(|stop| stop.doors.len()).sum();
    let seconds = metres * DETOUR / WALK_M_PER_S + n_doors as f64 * DOOR_S;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a turf takes hours, not aeons")]
    let minutes = (seconds / 60.0).ceil() as u32;
    minutes
}
