//! The figures of sync: a relay's process under load from this one, on loopback; both share the machine's cores.

mod intake;
mod merge;
mod peer;
mod quiet;
mod storm;

use super::Figure;
use crate::relay::Relay;
use anyhow::{Context, Result};
use std::path::Path;

/// Requests that are under way at once.
const AT_ONCE: usize = 32;

/// Limits on single devices and addresses, out of the way: here one process plays all of them.
const NO_LIMITS: [&str; 6] = [
    "--device-rate=1000000",
    "--device-burst=1000000",
    "--device-at-once=1000000",
    "--device-queue=1000000",
    "--address-rate=1000000",
    "--address-burst=1000000",
];

/// Measures all of them, each printed as it is found; takes some minutes.
///
/// # Errors
/// When a relay or a device fails.
pub async fn measure(mut tell: impl FnMut(Figure)) -> Result<()> {
    quiet::measure(&mut tell).await?;
    intake::measure(&mut tell).await?;
    storm::measure(&mut tell).await?;
    merge::measure(&mut tell).await?;
    peer::measure(&mut tell).await
}

/// A relay without limits on single devices, over a new folder.
fn relay(folder: &Path) -> Result<Relay> {
    Relay::start_with(&folder.join("relay"), &NO_LIMITS)
}

/// The memory that a process holds, in bytes.
fn resident(relay: &Relay) -> Result<u64> {
    let status = std::fs::read_to_string(format!("/proc/{}/status", relay.pid()))?;
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).context("no VmRSS")?;
    let kib: u64 = line.split_whitespace().nth(1).context("no number")?.parse()?;
    Ok(kib * 1024)
}
