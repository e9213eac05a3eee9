//! The pending events of one stream of hints: only the newest of each document.

use porchlight_model::id::DocId;
use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use tokio::sync::Notify;
use tokio::time::Instant;

/// The maximum number of pending documents on one stream; with one more, the device is told to sync instead.
const MAX_DOCS: usize = 1024;

/// The next event of a stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum StreamEvent {
    /// A document changed; the number of its last change.
    Changed(DocId, u64),
    /// Only a sync tells what changed.
    Sync,
    /// The device is served nothing any more.
    Over,
}

/// What waits on one stream.
#[derive(Debug, Default)]
pub(crate) struct Inbox {
    waiting: Mutex<Waiting>,
    wake: Notify,
}

#[derive(Debug, Default)]
struct Waiting {
    docs: BTreeMap<DocId, u64>,
    /// The time from which the stream is told to sync.
    sync_at: Option<Instant>,
    is_over: bool,
}

impl Inbox {
    /// Adds what is to be sent at once.
    pub(super) fn put(&self, event: StreamEvent) {
        let mut waiting = self.lock();
        match event {
            StreamEvent::Changed(doc, last) if waiting.docs.len() < MAX_DOCS || waiting.docs.contains_key(&doc) => {
                let known = waiting.docs.entry(doc).or_default();
                *known = last.max(*known);
            }
            StreamEvent::Changed(..) | StreamEvent::Sync => waiting.sync_at = Some(Instant::now()),
            StreamEvent::Over => waiting.is_over = true,
        }
        drop(waiting);
        self.wake.notify_one();
    }

    /// Tells the stream to sync at a time to come, where nothing tells it earlier.
    pub(super) fn sync_at(&self, due: Instant) {
        let mut waiting = self.lock();
        waiting.sync_at = Some(waiting.sync_at.map_or(due, |at| at.min(due)));
        drop(waiting);
        self.wake.notify_one();
    }

    /// The next event, as soon as there is one.
    pub(crate) async fn next(&self) -> StreamEvent {
        loop {
            let (event, due) = self.take(Instant::now());
            match (event, due) {
                (Some(event), _) => return event,
                (None, None) => self.wake.notified().await,
                (None, Some(due)) => tokio::select! {
                    () = self.wake.notified() => {}
                    () = tokio::time::sleep_until(due) => {}
                },
            }
        }
    }

    /// Removes the next event, if there is one by now, and the time from which the stream is told to sync.
    pub(super) fn take(&self, now: Instant) -> (Option<StreamEvent>, Option<Instant>) {
        let mut waiting = self.lock();
        (waiting.take(now), waiting.sync_at)
    }

    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Waiting {
    fn take(&mut self, now: Instant) -> Option<StreamEvent> {
        if self.is_over {
            return Some(StreamEvent::Over);
        }
        if self.sync_at.is_some_and(|at| at <= now) {
            // A sync covers these, too.
            *self = Self::default();
            return Some(StreamEvent::Sync);
        }
        self.docs.pop_first().map(|(doc, last)| StreamEvent::Changed(doc, last))
    }
}
