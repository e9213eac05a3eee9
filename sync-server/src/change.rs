//! Parses a pushed change: its hash, dependencies and author. Everything but a plain, bounded change is refused.

#[cfg(test)]
mod tests;

use automerge::Change;
use porchlight_model::chunk::{cost, touches_root};
use porchlight_model::id::{DeviceId, Sha256};
use sha2::Digest;
use std::panic::{AssertUnwindSafe, catch_unwind};

pub use porchlight_model::admit::{NoChange, PushedChange};

/// The longest actor id, in bytes; Automerge makes 16.
const MAX_ACTOR_BYTES: usize = 64;

/// Reads one pushed change.
///
/// # Errors
/// [`NoChange`] for anything but a plain change chunk of at most 64 KiB whose checksum is right and whose columns unfold to a
/// bounded number of operations.
pub fn read(bytes: Vec<u8>) -> Result<PushedChange, NoChange> {
    match parse(&bytes) {
        Some(change) => Ok(PushedChange { bytes, ..change }),
        None => Err(NoChange { hash: Sha256(sha2::Sha256::digest(&bytes).into()) }),
    }
}

/// Everything but the bytes.
fn parse(bytes: &[u8]) -> Option<PushedChange> {
    let cost = cost(bytes)?;
    // The parser gets untrusted bytes: if it panics, only that change is refused.
    let change = catch_unwind(AssertUnwindSafe(|| Change::try_from(bytes))).ok()?.ok()?;
    let hash = change.hash().0;
    let is_checksum_right = bytes.get(4..8) == hash.get(..4);
    let actor = change.actor_id().to_bytes();
    if !is_checksum_right || actor.is_empty() || actor.len() > MAX_ACTOR_BYTES || change.seq() == 0 {
        return None;
    }
    let deps = change.deps().iter().map(|dep| Sha256(dep.0)).collect();
    let author = change.author().and_then(|author| author.as_bytes().try_into().ok()).map(DeviceId::from_bytes);
    let others = change.other_actor_ids().iter().map(|actor| actor.to_bytes().to_vec()).collect();
    let seq = i64::try_from(change.seq()).ok()?;
    let (hash, actor) = (Sha256(hash), actor.to_vec());
    let (touches_root, bytes) = (touches_root(bytes), Vec::new());
    Some(PushedChange { hash, actor, author, seq, others, deps, touches_root, cost, bytes })
}
