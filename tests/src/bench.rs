//! Benchmarks: figures with their targets, medians and tails.

pub mod first;
pub mod office;
pub mod sync;
pub mod universe;

use std::fmt;
use std::time::Duration;

/// A measured figure and its target.
#[derive(Debug, Clone)]
pub struct Figure {
    /// What was measured.
    pub what: String,
    /// The measured value.
    pub found: String,
    /// The target.
    pub to_reach: String,
    /// Whether the target was reached.
    pub is_reached: bool,
}

impl fmt::Display for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mark = if self.is_reached { "reached" } else { "NOT reached" };
        write!(f, "{:<52} {:<44} to reach {:<14} {mark}", self.what, self.found, self.to_reach)
    }
}

/// The machine, described in one line.
#[must_use]
pub fn machine() -> String {
    let cpu = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = cpu
        .lines()
        .find_map(|line| line.strip_prefix("model name"))
        .map_or("unknown", |rest| rest.trim_start_matches(['\t', ' ', ':']));
    let n_cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let build = if cfg!(debug_assertions) { "debug build: figures mean nothing" } else { "release build" };
    format!("machine: {model}, {n_cores} cores, {}, {build}", std::env::consts::OS)
}

/// The `per_mille` quantile of durations.
#[must_use]
pub fn quantile(times: &mut [Duration], per_mille: usize) -> Duration {
    times.sort();
    let index = (times.len() * per_mille / 1000).min(times.len().saturating_sub(1));
    times.get(index).copied().unwrap_or_default()
}

/// Milliseconds with one decimal.
#[must_use]
pub fn ms(time: Duration) -> String {
    format!("{:.1} ms", time.as_secs_f64() * 1000.0)
}

/// A figure of many durations: median and 99th percentile.
#[must_use]
pub fn of_many(what: &str, mut times: Vec<Duration>, limit: Duration) -> Figure {
    let (median, p99) = (quantile(&mut times, 500), quantile(&mut times, 990));
    Figure {
        what: what.to_owned(),
        found: format!("p99 {}, median {}, n {}", ms(p99), ms(median), times.len()),
        to_reach: format!("p99 {}", ms(limit)),
        is_reached: p99 <= limit,
    }
}
