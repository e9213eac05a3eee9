//! What waits to be told on one stream of hints: of each document only the newest.

use porchlight_model::id::DocId;
use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use tokio::sync::Notify;

/// So many documents wait on one stream; with one more, the device is told to sync instead.
const MAX_DOCS: usize = 1024;

/// What a stream is told next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Told {
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
    is_sync: bool,
    is_over: bool,
}

impl Inbox {
    /// Puts in what is to be told.
    pub(super) fn put(&self, told: Told) {
        let mut waiting = self.lock();
        match told {
            Told::Changed(doc, last) if waiting.docs.len() < MAX_DOCS || waiting.docs.contains_key(&doc) => {
                let known = waiting.docs.entry(doc).or_default();
                *known = last.max(*known);
            }
            Told::Changed(..) | Told::Sync => waiting.is_sync = true,
            Told::Over => waiting.is_over = true,
        }
        drop(waiting);
        self.wake.notify_one();
    }

    /// What is told next, as soon as there is something.
    pub(crate) async fn next(&self) -> Told {
        loop {
            if let Some(told) = self.lock().take() {
                return told;
            }
            self.wake.notified().await;
        }
    }

    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Waiting {
    fn take(&mut self) -> Option<Told> {
        if self.is_over {
            return Some(Told::Over);
        }
        if self.is_sync {
            // A sync tells of these, too.
            *self = Self::default();
            return Some(Told::Sync);
        }
        self.docs.pop_first().map(|(doc, last)| Told::Changed(doc, last))
    }
}
