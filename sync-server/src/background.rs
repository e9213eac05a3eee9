//! What a relay does beside answering: writes down who was heard from, folds logs for new devices, and looks for grants that changed in silence.

use crate::change;
use crate::relay::Relay;
use crate::store::Log;
use flate2::Compression;
use flate2::bufread::GzDecoder;
use flate2::write::GzEncoder;
use porchlight_model::id::DocId;
use porchlight_model::wire::{MAX_SNAPSHOT_BYTES, MAX_SNAPSHOT_UNFOLDED_BYTES};
use std::collections::BTreeSet;
use std::io::{Read, Write};
use std::time::Duration;

/// How often the times of last contact are written.
const HEARD_EVERY: Duration = Duration::from_secs(5);

/// How often snapshots that have fallen behind are renewed.
const SNAPSHOT_EVERY: Duration = Duration::from_secs(30);

/// How often it is looked whether grants changed of which no hint told.
const GRANTS_EVERY: Duration = Duration::from_secs(30);

/// The most logs folded in one go.
const MAX_SNAPSHOTS: u32 = 100;

/// A snapshot is renewed after this many changes, or a tenth of the log if that is more.
const CHANGES_PER_SNAPSHOT: u64 = 100;

/// Runs until the relay stops.
pub(crate) async fn run(relay: Relay) {
    let mut is_stopping = relay.is_stopping.subscribe();
    let [mut heard, mut snapshots, mut grants] = [HEARD_EVERY, SNAPSHOT_EVERY, GRANTS_EVERY].map(tokio::time::interval);
    loop {
        let due = tokio::select! {
            _ = is_stopping.wait_for(|is_stopping| *is_stopping) => break,
            _ = heard.tick() => Due::LastContacts,
            _ = snapshots.tick() => Due::Snapshots,
            _ = grants.tick() => Due::Grants,
        };
        match due {
            Due::LastContacts => write_heard(&relay).await,
            Due::Snapshots => {
                if let Err(error) = relay.make_snapshots(CHANGES_PER_SNAPSHOT).await {
                    tracing::warn!(%error, "no snapshots were made this time");
                }
            }
            Due::Grants => {
                if let Err(error) = relay.look_for_grants().await {
                    tracing::warn!(%error, "it was not looked this time whether grants changed");
                }
            }
        }
    }
}

/// What is to be done now.
enum Due {
    LastContacts,
    Snapshots,
    Grants,
}

/// Writes the times of last contact.
pub(crate) async fn write_heard(relay: &Relay) {
    let devices = relay.heard.take();
    if devices.is_empty() {
        return;
    }
    match relay.store().heard(devices).await {
        Ok(()) => relay.heard.written(),
        Err(error) => tracing::warn!(%error, "the roster's times were not written"),
    }
}

impl Relay {
    /// Renews snapshots that are at least `n_changes` changes old; returns how many.
    ///
    /// # Errors
    /// [`crate::store::StoreError::Unavailable`] where the store fails.
    pub async fn make_snapshots(&self, n_changes: u64) -> Result<usize, crate::store::StoreError> {
        // A hub folds nothing.
        let Some(upkeep) = self.store().upkeep() else { return Ok(0) };
        let mut n_made = 0;
        for doc in upkeep.to_snapshot(n_changes, MAX_SNAPSHOTS).await? {
            let log = upkeep.log(doc, MAX_SNAPSHOT_UNFOLDED_BYTES).await?;
            let last = log.last;
            let folded = tokio::task::spawn_blocking(move || fold(doc, &log)).await.ok().flatten();
            // For a log that is too large an empty snapshot is recorded, so that it is not retried before it has grown.
            n_made += usize::from(folded.is_some());
            upkeep.put_snapshot(doc, last, folded.unwrap_or_default()).await?;
        }
        Ok(n_made)
    }
}

/// Makes a snapshot and verifies, by decompressing and parsing it, that a device gets the same from it as from the log: the same changes
/// in the same order, each depending on earlier ones, with the store's heads.
fn fold(doc: DocId, log: &Log) -> Option<Vec<u8>> {
    if !log.is_whole() {
        return None;
    }
    let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
    for change in &log.changes {
        let n_bytes = u32::try_from(change.len()).ok()?;
        gzip.write_all(&n_bytes.to_le_bytes()).and_then(|()| gzip.write_all(change)).ok()?;
    }
    let bytes = gzip.finish().ok()?;
    if !is_same(&bytes, log) {
        tracing::error!(%doc, "a snapshot differs from its log; it is not used");
        return None;
    }
    (bytes.len() <= MAX_SNAPSHOT_BYTES).then_some(bytes)
}

fn is_same(bytes: &[u8], log: &Log) -> bool {
    let mut unfolded = Vec::new();
    if GzDecoder::new(bytes).take(MAX_SNAPSHOT_UNFOLDED_BYTES as u64 + 1).read_to_end(&mut unfolded).is_err() {
        return false;
    }
    let (mut rest, mut known, mut heads) = (unfolded.as_slice(), BTreeSet::new(), BTreeSet::new());
    for logged in &log.changes {
        let Some((n_bytes, more)) = rest.split_first_chunk::<4>() else { return false };
        let Some((change, more)) = more.split_at_checked(u32::from_le_bytes(*n_bytes) as usize) else { return false };
        let Ok(read) = change::read(change.to_vec()) else { return false };
        if change != logged || !read.deps.iter().all(|dep| known.contains(dep)) {
            return false;
        }
        heads.retain(|head| !read.deps.contains(head));
        known.insert(read.hash);
        heads.insert(read.hash);
        rest = more;
    }
    unfolded.len() <= MAX_SNAPSHOT_UNFOLDED_BYTES && rest.is_empty() && heads.into_iter().eq(log.heads.iter().copied())
}
