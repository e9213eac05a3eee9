//! The simulation of sync: thousands of stories, as fast as they go.

use crate::run::{command, finish, run};
use anyhow::Result;

/// Plays stories; the words are the program's own (`--help` tells them).
pub(crate) fn simulate(words: &[String]) -> Result<()> {
    run("cargo build --quiet --release -p porchlight-tests --bin porchlight-simulate")?;
    finish(&mut command("target/release/porchlight-simulate", words))
}
