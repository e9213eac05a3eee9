//! Runs all checks step by step, with the time that each took.

use crate::run::{command, finish, linted, run, say};
use crate::web::Profile;
use crate::{notices, setup, web, window};
use anyhow::{Context, Result, bail};
use std::time::{Duration, Instant};

/// One step: its name, and what it does.
type Step = (&'static str, fn() -> Result<()>);

const STEPS: [Step; 7] = [
    ("format", format),
    ("notices", notices::check),
    ("web", || web::build_as(Profile::Quick).map(drop)),
    ("lint", programs),
    ("native", native),
    ("browser", browser),
    ("window", window::test),
];

/// Node's arguments for tests. The timeout of ten minutes, at which a browser or driver that hangs fails its file, is several times what the longest
/// takes.
pub(crate) const NODE_TEST: [&str; 3] = ["--test", "--test-reporter=spec", "--test-timeout=600000"];

/// The names of all steps.
pub(crate) fn names() -> Vec<&'static str> {
    STEPS.iter().map(|(name, _)| *name).collect()
}

/// Runs every step, or the one that is named.
pub(crate) fn test(only: Option<&str>) -> Result<()> {
    let mut took: Vec<(&str, Duration)> = Vec::new();
    for (name, step) in STEPS.iter().filter(|(name, _)| only.is_none_or(|only| only == *name)) {
        println!("\n\x1b[1m━━ {name} ━━\x1b[0m");
        let start = Instant::now();
        step().with_context(|| format!("the step failed; alone: cargo xtask test --only {name}"))?;
        println!("{name} took {:.0} s", start.elapsed().as_secs_f64());
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

/// Compiles every program and test, with Clippy's lints. It is always all of them: Cargo unifies the features of shared crates over what
/// is built together, and recompiles them for another selection.
pub(crate) fn programs() -> Result<()> {
    window::prepare(Profile::Quick)?;
    say("compiling and linting programs and tests (the first time takes some minutes)");
    finish(linted(&mut command("cargo", ["build", "--quiet", "--workspace", "--all-targets"])))
}

/// Unit, property and story tests; the interface's pure parts run natively, too.
fn native() -> Result<()> {
    setup::relay_tests()?;
    // The stories start the relay's program, which must be up to date.
    programs()?;
    finish(linted(&mut command("cargo", ["test", "--quiet", "--workspace"])))
}

fn browser() -> Result<()> {
    setup::browser()?;
    programs()?;
    node_tests("tests/browser")
}

/// Runs the `*.test.mjs` files of a folder.
fn node_tests(folder: &str) -> Result<()> {
    let mut files: Vec<_> = web::files(std::path::Path::new(folder))?;
    files.retain(|path| path.to_string_lossy().ends_with(".test.mjs"));
    if files.is_empty() {
        bail!("no tests in {folder}");
    }
    say(&format!("{} files of tests in {folder}; pictures go to target/artefacts", files.len()));
    // One file at a time: the tests share two cores with the program that they test, and two files at once slow each other's pages down.
    finish(command("node", NODE_TEST).arg("--test-concurrency=1").args(files))
}
