//! The figures of sync: a relay process under load from this process, over loopback; both share the machine's cores.

mod hints;
mod intake;
mod merge;
mod pages;
mod peer;
mod quiet;
mod storm;
mod waves;

use super::Figure;
use crate::relay::Relay;
use anyhow::{Context, Result, bail, ensure};
use std::path::Path;
use std::process::Command;

/// The number of concurrent requests.
const AT_ONCE: usize = 32;

/// Flags that raise the limits per device and address, because one process simulates all devices here.
const NO_LIMITS: [&str; 7] = [
    "--device-rate=1000000",
    "--device-burst=1000000",
    "--device-told-mib=4095",
    "--device-at-once=1000000",
    "--device-queue=1000000",
    "--address-rate=1000000",
    "--address-burst=1000000",
];

/// The parts, each an independent benchmark.
pub const PARTS: [&str; 9] = ["quiet", "intake", "nodes", "hints", "storm", "merge", "waves", "pages", "peer"];

/// Measures one part and reports each figure as it is found; all parts take some minutes.
///
/// # Errors
/// When there is no such part, or a relay or a device fails.
pub async fn measure(part: &str, mut tell: impl FnMut(Figure)) -> Result<()> {
    settle()?;
    match part {
        "quiet" => quiet::measure(&mut tell).await,
        "intake" => intake::measure(&mut tell).await,
        "nodes" => intake::measure_nodes(&mut tell).await,
        "hints" => hints::measure(&mut tell).await,
        "storm" => storm::measure(&mut tell).await,
        "merge" => merge::measure(&mut tell).await,
        "waves" => waves::measure(&mut tell).await,
        "pages" => pages::measure(&mut tell).await,
        "peer" => peer::measure(&mut tell).await,
        other => bail!("no part {other:?}; there are: {}", PARTS.join(", ")),
    }
    .with_context(|| format!("the part {part:?}"))
}

/// Flushes what earlier parts wrote to disk, so that no part waits for another's writes: intake right after the
/// part about memory once had a p99 of 128 ms, and 17 to 23 ms alone, minutes later on the same machine.
fn settle() -> Result<()> {
    let status = Command::new("sync").status().context("running sync")?;
    ensure!(status.success(), "sync failed: {status}");
    Ok(())
}

/// A relay without limits on single devices, over a new folder.
fn relay(folder: &Path) -> Result<Relay> {
    Relay::start_with(&folder.join("relay"), &NO_LIMITS)
}

/// The resident memory of a process, in bytes.
fn resident(relay: &Relay) -> Result<u64> {
    let status = std::fs::read_to_string(format!("/proc/{}/status", relay.pid()))?;
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).context("no VmRSS")?;
    let kib: u64 = line.split_whitespace().nth(1).context("no number")?.parse()?;
    Ok(kib * 1024)
}
