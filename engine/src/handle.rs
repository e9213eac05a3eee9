//! The engine as the shells hold it: shared between calls, sync and long work, with a way out for events.

use crate::engine::Engine;
use crate::hub::host::Host;
use crate::sync::carrier::Carrier;
use crate::sync::driver::Wake;
use crate::sync::hub::HubMet;
use crate::sync::relays::Relays;
use crate::sync::status::Seen;
use crate::sync::transport::{self, Traffic};
use futures_channel::mpsc::{UnboundedReceiver, UnboundedSender, unbounded};
use porchlight_model::calls::sync::SyncPhase;
use porchlight_model::calls::{Event, Topic};
use porchlight_model::id::JobId;
use porchlight_model::message::Message;
use std::collections::BTreeSet;
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
    /// Opens this device to phones on the local network, where the shell can.
    pub host: Option<Arc<dyn Host>>,
}

/// A shared engine; clones share one.
#[derive(Clone)]
pub struct EngineHandle {
    engine: Arc<Mutex<Engine>>,
    pub(crate) shell: Shell,
    pub(crate) http: reqwest::Client,
    pub(crate) carrier: Arc<dyn Carrier>,
    pub(crate) traffic: Arc<Traffic>,
    pub(crate) rounds: Arc<futures_util::lock::Mutex<()>>,
    /// Apart from the rounds: who scans a hub's code does not wait for a relay that is silent.
    pub(crate) hub_turn: Arc<futures_util::lock::Mutex<()>>,
    cancelled: Arc<Mutex<BTreeSet<JobId>>>,
    seen: Arc<Mutex<Seen>>,
    relays: Arc<Mutex<Relays>>,
    hub_met: Arc<Mutex<HubMet>>,
    wake: UnboundedSender<Wake>,
    wakes: Arc<Mutex<Option<UnboundedReceiver<Wake>>>>,
}

impl EngineHandle {
    /// Shares `engine` under `shell`.
    #[must_use]
    pub fn new(engine: Engine, shell: Shell) -> Self {
        let http = transport::client();
        Self::over(Arc::new(http.clone()), http, engine, shell)
    }

    /// Shares `engine` under `shell`; requests are written by `http` and travel by `carrier`.
    #[must_use]
    pub fn over(carrier: Arc<dyn Carrier>, http: reqwest::Client, engine: Engine, shell: Shell) -> Self {
        let (wake, wakes) = unbounded();
        Self {
            engine: Arc::new(Mutex::new(engine)),
            shell,
            http,
            carrier,
            traffic: Arc::default(),
            rounds: Arc::default(),
            hub_turn: Arc::default(),
            cancelled: Arc::default(),
            seen: Arc::new(Mutex::new(Seen { phase: SyncPhase::Idle, trouble: None })),
            relays: Arc::default(),
            hub_met: Arc::default(),
            wake,
            wakes: Arc::new(Mutex::new(Some(wakes))),
        }
    }

    /// Runs `act` on the engine, alone, then tells the interface which topics changed.
    pub fn with<R>(&self, act: impl FnOnce(&mut Engine) -> R) -> R {
        let mut engine = lock(&self.engine);
        let result = act(&mut engine);
        self.publish(engine);
        result
    }

    /// Lets go of the engine and tells what changed. Never inlined: `with` is compiled once for each use of it.
    #[inline(never)]
    fn publish(&self, mut engine: MutexGuard<'_, Engine>) {
        let (topics, is_to_send) = (engine.take_topics(), engine.take_is_to_send());
        drop(engine);
        if is_to_send {
            self.send_wake(Wake::Written);
        }
        if !topics.is_empty() {
            (self.shell.events)(Event::Changed { topics: topics.into_iter().collect() });
        }
    }

    /// What sync has cost since the shell started.
    #[must_use]
    pub fn traffic(&self) -> &Traffic {
        &self.traffic
    }

    /// Makes the sync loop go round at once: a person asked, or the network came back.
    pub fn wake_sync(&self) {
        self.send_wake(Wake::Nudged);
    }

    /// Nobody listens before the loop has started; it then begins with a round anyway.
    fn send_wake(&self, wake: Wake) {
        drop(self.wake.unbounded_send(wake));
    }

    /// The wakes, for the one loop.
    pub(crate) fn take_wakes(&self) -> Option<UnboundedReceiver<Wake>> {
        lock(&self.wakes).take()
    }

    /// What sync last saw.
    pub(crate) fn seen(&self) -> Seen {
        lock(&self.seen).clone()
    }

    /// Notes what sync sees, and tells the interface when it is news.
    pub(crate) fn set_seen(&self, seen: Seen) {
        let is_news = {
            let mut now = lock(&self.seen);
            std::mem::replace(&mut *now, seen.clone()) != seen
        };
        if is_news {
            (self.shell.events)(Event::Changed { topics: vec![Topic::Sync] });
        }
    }

    /// Which relay is asked at present.
    pub(crate) fn relays(&self) -> MutexGuard<'_, Relays> {
        lock(&self.relays)
    }

    /// How the hub in use was met of late.
    pub(crate) fn hub_met(&self) -> MutexGuard<'_, HubMet> {
        lock(&self.hub_met)
    }

    /// Why the hub in use did not answer, where the last try failed.
    pub(crate) fn hub_trouble(&self) -> Option<Message> {
        self.hub_met().trouble.clone()
    }

    /// Tells the interface that something changed which is in no database.
    pub fn tell_changed(&self, topic: Topic) {
        (self.shell.events)(Event::Changed { topics: vec![topic] });
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
