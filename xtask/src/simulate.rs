//! Runs the simulation of sync: thousands of stories, as fast as possible.

use crate::run::{command, finish, run};
use anyhow::Result;

/// Runs the simulation's program with its own arguments (`--help` lists them).
pub(crate) fn simulate(words: &[String]) -> Result<()> {
    run("cargo build --quiet --release -p porchlight-tests --bin porchlight-simulate")?;
    finish(&mut command("target/release/porchlight-simulate", words))
}
