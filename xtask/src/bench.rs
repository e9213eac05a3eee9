//! Benchmarks: figures with the machine they were measured on.

use crate::run::{command, finish, run};
use crate::{setup, web};
use anyhow::{Result, bail};

/// Measures the figures of one set.
pub(crate) fn bench(which: &str) -> Result<()> {
    if which != "first" {
        bail!("no benchmark {which:?}; there is: first");
    }
    run("cargo build --quiet --release -p porchlight-relay -p porchlight-tests --bins")?;
    run("target/release/porchlight-bench first")?;
    web::build()?;
    setup::browser()?;
    finish(command("node", ["tests/browser/bench.mjs"]).env("PORCHLIGHT_PROGRAMS", "target/release"))
}
