//! Fuzzes every decoder of untrusted input, starting from the committed seeds; see `docs/fuzzing.md`.

use crate::run::{command, finish, is_there, run, say};
use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};

/// The default time for each target, in seconds.
pub(crate) const SECONDS: u32 = 60;

/// The time limit for one input, in seconds.
const TIMEOUT_S: u32 = 10;

/// The memory limit in MiB. The largest input that is read whole is a pack, which takes up to 64 MiB decompressed.
const MEMORY_MIB: u32 = 1024;

/// The maximum length of an input in bytes: slightly more than the largest change.
const MAX_LEN: u32 = 128 * 1024;

/// Runs one target or all of them, each for `seconds`.
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

/// `RUSTC_BOOTSTRAP` lets the stable compiler instrument for coverage; the address sanitizer would need another standard library,
/// and there is no unsafe code of ours to check. With `--release` the profile of `fuzz/Cargo.toml` decides on assertions; without it
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
