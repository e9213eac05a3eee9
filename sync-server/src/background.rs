//! What a relay does beside answering: writes down who was heard from, and saves documents whole for new devices.

use crate::relay::Relay;
use crate::store::Log;
use automerge::{Automerge, Change};
use porchlight_model::id::{DocId, Sha256};
use porchlight_model::wire::MAX_SNAPSHOT_BYTES;
use std::time::Duration;

/// How often the times of the roster are written.
const HEARD_EVERY: Duration = Duration::from_secs(5);

/// How often documents are looked for whose snapshot has fallen behind.
const SNAPSHOT_EVERY: Duration = Duration::from_secs(30);

/// The most documents saved in one go.
const MAX_SNAPSHOTS: u32 = 100;

/// A document is saved anew after so many changes.
const CHANGES_PER_SNAPSHOT: u64 = 100;

/// Works until the relay stops.
pub(crate) async fn run(relay: Relay) {
    let mut is_stopping = relay.is_stopping.subscribe();
    let (mut heard, mut snapshots) = (tokio::time::interval(HEARD_EVERY), tokio::time::interval(SNAPSHOT_EVERY));
    loop {
        let due = tokio::select! {
            _ = is_stopping.wait_for(|is_stopping| *is_stopping) => break,
            _ = heard.tick() => Due::Heard,
            _ = snapshots.tick() => Due::Snapshots,
        };
        match due {
            Due::Heard => write_heard(&relay).await,
            Due::Snapshots => {
                if let Err(error) = relay.make_snapshots(CHANGES_PER_SNAPSHOT).await {
                    tracing::warn!(%error, "no snapshots were made this time");
                }
            }
        }
    }
}

/// What is to be done now.
enum Due {
    Heard,
    Snapshots,
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
    /// Saves documents whose snapshot is at least `n_changes` changes old; says how many.
    ///
    /// # Errors
    /// [`crate::store::StoreError::Unavailable`] where the store fails.
    pub async fn make_snapshots(&self, n_changes: u64) -> Result<usize, crate::store::StoreError> {
        let mut n_made = 0;
        for doc in self.store().to_snapshot(n_changes, MAX_SNAPSHOTS).await? {
            let log = self.store().log(doc).await?;
            let last = log.last;
            let saved = tokio::task::spawn_blocking(move || save(doc, &log)).await.ok().flatten();
            if let Some(bytes) = saved {
                self.store().put_snapshot(doc, last, bytes).await?;
                n_made += 1;
            }
        }
        Ok(n_made)
    }
}

/// Saves a document whole and checks, by loading it again, that a device gets the same from it as from the log.
fn save(doc: DocId, log: &Log) -> Option<Vec<u8>> {
    let changes = log.changes.iter().map(|bytes| Change::from_bytes(bytes.clone())).collect::<Result<Vec<_>, _>>();
    let mut built = Automerge::new();
    let applied = changes.map_err(Into::into).and_then(|changes| built.apply_changes(changes));
    if let Err(error) = applied {
        tracing::error!(%doc, %error, "a document's log cannot be read; it is told change by change");
        return None;
    }
    let bytes = built.save();
    let loaded = Automerge::load(&bytes).ok()?;
    if heads(&built) != log.heads || heads(&loaded) != log.heads || loaded.get_changes(&[]).len() != log.changes.len() {
        tracing::error!(%doc, "a snapshot differs from its log; it is not used");
        return None;
    }
    (bytes.len() <= MAX_SNAPSHOT_BYTES).then_some(bytes)
}

fn heads(doc: &Automerge) -> Vec<Sha256> {
    let mut heads: Vec<_> = doc.get_heads().into_iter().map(|hash| Sha256(hash.0)).collect();
    heads.sort();
    heads
}
