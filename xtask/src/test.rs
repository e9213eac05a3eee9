//! Everything that must hold, step by step, with the time each took.

use crate::run::{command, finish, run, say};
use crate::{notices, setup, web, window};
use anyhow::{Context, Result, bail};
use std::time::{Duration, Instant};

/// One step: its name, and what it does.
type Step = (&'static str, fn() -> Result<()>);

const STEPS: [Step; 8] = [
    ("format", format),
    ("lint", lint),
    ("notices", notices::check),
    ("native", native),
    ("web", || web::build().map(drop)),
    ("lint-web", lint_web),
    ("browser", browser),
    ("window", window::test),
];

/// Runs every step, or the one that is named.
pub(crate) fn test(only: Option<&str>) -> Result<()> {
    let names: Vec<_> = STEPS.iter().map(|(name, _)| *name).collect();
    if let Some(only) = only
        && !names.contains(&only)
    {
        bail!("there is no step {only:?}; there are: {}", names.join(", "));
    }
    let mut took: Vec<(&str, Duration)> = Vec::new();
    for (name, step) in STEPS.iter().filter(|(name, _)| only.is_none_or(|only| only == *name)) {
        println!("\n\x1b[1m━━ {name} ━━\x1b[0m");
        let start = Instant::now();
        step().with_context(|| format!("the step failed; alone: cargo xtask test --only {name}"))?;
        took.push((name, start.elapsed()));
    }
    println!("\n━━ all steps passed ━━");
    for (name, time) in &took {
        println!("  {name:<10} {:>6.0} s", time.as_secs_f64());
    }
    Ok(())
}

fn format() -> Result<()> {
    run("cargo fmt --all --check")
}

fn lint() -> Result<()> {
    run("cargo clippy --quiet --all-targets -- -D warnings")
}

/// Unit, property and story tests; the interface's pure parts run natively, too.
fn native() -> Result<()> {
    setup::relay_tests()?;
    // The stories start the relay's program: it must be there, and new.
    run("cargo build --quiet -p porchlight-relay -p porchlight-tests --bins")?;
    run("cargo test --quiet")?;
    run("cargo test --quiet -p porchlight-ui --lib")
}

fn lint_web() -> Result<()> {
    let wasm = setup::web()?;
    let mut clippy =
        wasm.cargo(&["clippy", "--quiet", "--profile", "web", "-p", "porchlight-ui", "-p", "porchlight-worker"])?;
    finish(clippy.args(["--", "-D", "warnings"]))
}

fn browser() -> Result<()> {
    setup::browser()?;
    run("cargo build --quiet -p porchlight-relay -p porchlight-tests --bins")?;
    run("cargo build --quiet -p porchlight-hub --example echo_hub")?;
    node_tests("tests/browser")
}

/// Runs the `*.test.mjs` of a folder, one file after the other: they share two cores with what they test.
fn node_tests(folder: &str) -> Result<()> {
    let mut files: Vec<_> = web::files(std::path::Path::new(folder))?;
    files.retain(|path| path.to_string_lossy().ends_with(".test.mjs"));
    if files.is_empty() {
        bail!("no tests in {folder}");
    }
    say(&format!("{} files of tests in {folder}; pictures go to target/artefacts", files.len()));
    finish(command("node", ["--test", "--test-concurrency=1", "--test-reporter=spec"]).args(files))
}
