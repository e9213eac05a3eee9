//! Runs benchmarks and prints figures together with the machine they were measured on.

use crate::run::{command, finish, run};
use crate::{setup, web};
use anyhow::Result;

/// The budget for the first visit's download, in bytes.
const MOST_DOWNLOADED: u64 = 1_600_000;

/// The sets of figures.
pub(crate) const SETS: [&str; 3] = ["first", "office", "sync"];

/// Measures the figures of one set.
pub(crate) fn bench(set: &str) -> Result<()> {
    match set {
        "first" => first(),
        "office" => office(),
        _ => sync(),
    }
}

fn programs() -> Result<()> {
    run("cargo build --quiet --release -p porchlight-relay -p porchlight-tests --bins")
}

/// The figures of sync, compared with a peer from npm that is installed only for this.
fn sync() -> Result<()> {
    programs()?;
    setup::relay_tests()?;
    setup::peer()?;
    run("target/release/porchlight-bench sync")
}

/// The figures of the office with a large campaign, natively and in Chromium.
fn office() -> Result<()> {
    programs()?;
    run("target/release/porchlight-bench office")?;
    web::build()?;
    setup::browser()?;
    finish(command("node", ["tests/browser/bench-office.mjs"]).env("PORCHLIGHT_PROGRAMS", "target/release"))
}

/// The figures of the main job.
fn first() -> Result<()> {
    programs()?;
    run("target/release/porchlight-bench first")?;
    let n_bytes = web::n_downloaded(&web::build()?)?;
    let found = format!("{:.2} MB", n_bytes as f64 / 1e6);
    let mark = if n_bytes <= MOST_DOWNLOADED { "reached" } else { "NOT reached" };
    println!(
        "{:<52} {found:<44} to reach {:<14} {mark}",
        "web app downloaded (wasm, JS, CSS, fonts), brotli", "1.6 MB"
    );
    setup::browser()?;
    finish(command("node", ["tests/browser/bench.mjs"]).env("PORCHLIGHT_PROGRAMS", "target/release"))
}
