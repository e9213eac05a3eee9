//! The engine as the shells hold it: shared between calls, sync and long work, with a way out for events.

use crate::engine::Engine;
use porchlight_model::calls::{Event, Topic};
use porchlight_model::id::JobId;
use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Bytes of the files a person chose, by the shell's key.
pub trait Files: Send + Sync {
    /// Fills `into` from `offset` and says how many bytes there were; 0 at the end.
    ///
    /// # Errors
    /// When the key is unknown or the bytes cannot be read any more.
    fn read_at(&self, key: &str, offset: u64, into: &mut [u8]) -> std::io::Result<usize>;
}

/// What a shell lends to its engine.
#[derive(Clone)]
pub struct Shell {
    /// Files the person chose.
    pub files: Arc<dyn Files>,
    /// Takes events to the interface.
    pub events: Arc<dyn Fn(Event) + Send + Sync>,
}

/// A shared engine; clones share one.
#[derive(Clone)]
pub struct EngineHandle {
    engine: Arc<Mutex<Engine>>,
    pub(crate) shell: Shell,
    pub(crate) http: reqwest::Client,
    cancelled: Arc<Mutex<BTreeSet<JobId>>>,
    wake: Arc<AtomicBool>,
}

impl EngineHandle {
    /// Shares `engine` under `shell`.
    #[must_use]
    pub fn new(engine: Engine, shell: Shell) -> Self {
        Self {
            engine: Arc::new(Mutex::new(engine)),
            shell,
            http: reqwest::Client::new(),
            cancelled: Arc::default(),
            wake: Arc::default(),
        }
    }

    /// Runs `act` on the engine, alone, then tells the interface which topics changed.
    pub fn with<R>(&self, act: impl FnOnce(&mut Engine) -> R) -> R {
        let (result, topics) = {
            let mut engine = lock(&self.engine);
            let result = act(&mut engine);
            (result, engine.take_topics())
        };
        if topics.contains(&Topic::Sync) {
            self.wake_sync();
        }
        if !topics.is_empty() {
            (self.shell.events)(Event::Changed { topics: topics.into_iter().collect() });
        }
        result
    }

    /// Makes the sync loop go round soon.
    pub fn wake_sync(&self) {
        self.wake.store(true, Ordering::Release);
    }

    /// Whether a sync was asked for since this was last called.
    pub fn take_wake(&self) -> bool {
        self.wake.swap(false, Ordering::AcqRel)
    }

    /// Marks long work as cancelled.
    pub fn cancel(&self, job: JobId) {
        lock(&self.cancelled).insert(job);
    }

    /// Whether long work was cancelled; forgets it.
    #[must_use]
    pub fn take_cancelled(&self, job: JobId) -> bool {
        lock(&self.cancelled).remove(&job)
    }
}

/// A panic while holding the lock leaves the database consistent (its transaction rolled back), so the lock is taken anyway.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
