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

/// How often the times of the roster are written.
const HEARD_EVERY: Duration = Duration::from_secs(5);

/// How often documents are looked for whose snapshot has fallen behind.
const SNAPSHOT_EVERY: Duration = Duration::from_secs(30);

/// How often it is looked whether grants changed of which no hint told.
const GRANTS_EVERY: Duration = Duration::from_secs(30);

/// The most logs folded in one go.
const MAX_SNAPSHOTS: u32 = 100;

/// A log is folded anew after so many changes, or a tenth of it where that is more.
const CHANGES_PER_SNAPSHOT: u64 = 100;

/// Works until the relay stops.
pub(crate) async fn run(relay: Relay) {
    let mut is_stopping = relay.is_stopping.subscribe();
    let [mut heard, mut snapshots, mut grants] = [HEARD_EVERY, SNAPSHOT_EVERY, GRANTS_EVERY].map(tokio::time::interval);
    loop {
        let due = tokio::select! {
            _ = is_stopping.wait_for(|is_stopping| *is_stopping) => break,
            _ = heard.tick() => Due::Heard,
            _ = snapshots.tick() => Due::Snapshots,
            _ = grants.tick() => Due::Grants,
        };
        match due {
            Due::Heard => write_heard(&relay).await,
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
    Heard,
    Snapshots,
    Grants,
}

/// Writes down when devices were last heard from.
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
    /// Folds the logs of documents whose snapshot is at least `n_changes` changes old; says how many.
    ///
    /// # Errors
    /// [`crate::store::StoreError::Unavailable`] where the store fails.
    pub async fn make_snapshots(&self, n_changes: u64) -> Result<usize, crate::store::StoreError> {
        let mut n_made = 0;
        for doc in self.store().to_snapshot(n_changes, MAX_SNAPSHOTS).await? {
            let log = self.store().log(doc, MAX_SNAPSHOT_UNFOLDED_BYTES).await?;
            let last = log.last;
            let folded = tokio::task::spawn_blocking(move || fold(doc, &log)).await.ok().flatten();
            // A log that cannot be folded is noted with nothing, so that it is not tried again before it has grown.
            n_made += usize::from(folded.is_some());
            self.store().put_snapshot(doc, last, folded.unwrap_or_default()).await?;
        }
        Ok(n_made)
    }
}

/// Folds a log and checks, by unfolding and reading it again, that a device gets from it what it would get from the log: the same changes
/// in the same order, each standing on earlier ones, with the heads that the store has.
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
