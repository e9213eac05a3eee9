//! Readiness: whether the relay can store pushes, found out by a test write at most once a second.

use crate::store::{Later, Pushed, Store, StoreError};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use tokio::sync::Mutex;

/// How long a test write's result is reused, because anyone may call and each write costs disk time.
const KEPT: Duration = Duration::from_secs(1);

/// How long the store may take; a push that comes then would wait as long.
const PATIENCE: Duration = Duration::from_secs(5);

/// The result of a test write.
#[derive(Debug, Clone)]
enum Found {
    Ready,
    Busy,
    Failing(String),
}

/// Whether the relay is ready.
#[derive(Default)]
pub(crate) struct Readiness {
    /// Whether the last push that had something to write failed, because the store did: then a small write proves nothing.
    has_failed: AtomicBool,
    last: Mutex<Option<(Instant, Found)>>,
}

impl Readiness {
    /// Records the result of a push.
    pub(crate) fn note(&self, pushed: &Result<Pushed, StoreError>) {
        match pushed {
            Ok(pushed) if !pushed.hints.is_empty() => self.has_failed.store(false, Ordering::SeqCst),
            Err(StoreError::Unavailable(_)) => self.has_failed.store(true, Ordering::SeqCst),
            Ok(_) | Err(StoreError::Refused(..) | StoreError::Busy) => {}
        }
    }

    /// Whether pushes are accepted now: the store answers at this moment, and accepted a write within the last second.
    ///
    /// # Errors
    /// [`StoreError::Busy`] where too many requests wait for the store; [`StoreError::Unavailable`] where it fails, takes nothing or does not
    /// answer in time.
    pub(crate) async fn check(&self, store: &dyn Store) -> Result<(), StoreError> {
        in_time(store.check()).await.told()?;
        let mut last = self.last.lock().await;
        if let Some((at, found)) = &*last
            && at.elapsed() < KEPT
        {
            return found.clone().told();
        }
        let found = self.write(store).await;
        *last = Some((Instant::now(), found.clone()));
        found.told()
    }

    async fn write(&self, store: &dyn Store) -> Found {
        if !self.has_failed.load(Ordering::SeqCst) {
            return in_time(store.check_writing()).await;
        }
        let found = in_time(store.check_room()).await;
        if matches!(found, Found::Ready) {
            self.has_failed.store(false, Ordering::SeqCst);
        }
        found
    }
}

impl Found {
    fn told(self) -> Result<(), StoreError> {
        match self {
            Self::Ready => Ok(()),
            Self::Busy => Err(StoreError::Busy),
            Self::Failing(why) => Err(StoreError::Unavailable(why.into())),
        }
    }
}

async fn in_time(check: Later<'_, ()>) -> Found {
    match tokio::time::timeout(PATIENCE, check).await {
        Ok(Ok(())) => Found::Ready,
        Ok(Err(StoreError::Busy)) => Found::Busy,
        Ok(Err(StoreError::Unavailable(cause))) => Found::Failing(cause.to_string()),
        Ok(Err(StoreError::Refused(why, _))) => Found::Failing(why.to_owned()),
        Err(_) => Found::Failing("the store does not answer in time".to_owned()),
    }
}
