//! Fuzzing: throws bytes at every decoder that strangers reach, from the committed seeds on; see `docs/fuzzing.md`.

use crate::run::{command, finish, is_there, run, say};
use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};

/// How long each target runs, where nothing else is said.
pub(crate) const SECONDS: u32 = 60;

/// An input that takes longer than this is a fault, in seconds.
const TIMEOUT_S: u32 = 10;

/// More memory than this is a fault, in MiB: the largest thing that is read whole is a pack, of 64 MiB unfolded.
const MEMORY_MIB: u32 = 1024;

/// The longest input: a little over the largest change.
const MAX_LEN: u32 = 128 * 1024;

/// Runs one target or all of them, each for so many seconds.
pub(crate) fn fuzz(only: Option<&str>, seconds: u32) -> Result<()> {
    let names = targets()?;
    if let Some(only) = only
        && !names.iter().any(|name| name == only)
    {
        bail!("there is no target {only:?}; there are: {}", names.join(", "));
    }
    if !is_there("cargo-fuzz") && !cargo_bin().is_some_and(|bin| bin.join("cargo-fuzz").exists()) {
        say("installing cargo-fuzz: builds the fuzz targets with what libFuzzer needs to see of them");
        run("cargo install cargo-fuzz --locked --quiet")?;
    }
    for name in names.iter().filter(|name| only.is_none_or(|only| only == *name)) {
        say(&format!("fuzzing {name} for {seconds} s"));
        cargo_fuzz("build", &[name]).context("building the target; nothing was fuzzed")?;
        std::fs::create_dir_all(Path::new("fuzz/corpus").join(name))?;
        let (corpus, seeds) = (format!("corpus/{name}"), format!("seeds/{name}"));
        let (seconds, timeout) = (format!("-max_total_time={seconds}"), format!("-timeout={TIMEOUT_S}"));
        let (memory, length) = (format!("-rss_limit_mb={MEMORY_MIB}"), format!("-max_len={MAX_LEN}"));
        let on = [name.as_str(), &corpus, &seeds, "--", &seconds, &timeout, &memory, &length, "-print_final_stats=1"];
        cargo_fuzz("run", &on).with_context(|| {
            format!("{name} broke: mend it, and keep the input of fuzz/artifacts/{name} in fuzz/seeds/{name}")
        })?;
    }
    Ok(())
}

/// Coverage works with the stable compiler when it is told to allow it; the address sanitizer would need another standard library,
/// and there is no unsafe code of ours to watch. With `--release` the profile of `fuzz/Cargo.toml` says what is asserted; without it
/// cargo-fuzz turns on the debug assertions of every crate.
fn cargo_fuzz(what: &str, on: &[&str]) -> Result<()> {
    let mut cargo = command("cargo", ["fuzz", what, "--release", "--sanitizer", "none"]);
    finish(cargo.args(on).current_dir("fuzz").env("RUSTC_BOOTSTRAP", "1"))
}

/// The names of all targets.
fn targets() -> Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in std::fs::read_dir("fuzz/fuzz_targets")? {
        names.extend(entry?.path().file_stem().map(|stem| stem.to_string_lossy().into_owned()));
    }
    names.sort();
    Ok(names)
}

fn cargo_bin() -> Option<PathBuf> {
    Some(std::env::home_dir()?.join(".cargo/bin"))
}
