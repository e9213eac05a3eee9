//! The shared handle of an engine, which calls, sync and long jobs use, and through which events reach the interface.

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

/// Access to the files that a person chose, by the shell's key.
pub trait Files: Send + Sync {
    /// Fills `into` from `offset` and returns how many bytes were read; 0 at the end.
    ///
    /// # Errors
    /// When the key is unknown or the file can no longer be read.
    fn read_at(&self, key: &str, offset: u64, into: &mut [u8]) -> std::io::Result<usize>;
}

/// The services that a shell provides to its engine.
#[derive(Clone)]
pub struct Shell {
    /// The files that the person chose.
    pub files: Arc<dyn Files>,
    /// Sends events to the interface.
    pub events: Arc<dyn Fn(Event) + Send + Sync>,
    /// Opens this device to phones on the local network, if the shell can do that.
    pub host: Option<Arc<dyn Host>>,
}

/// A shared engine; clones share the same one.
#[derive(Clone)]
pub struct EngineHandle {
    engine: Arc<Mutex<Engine>>,
    pub(crate) shell: Shell,
    pub(crate) http: reqwest::Client,
    pub(crate) carrier: Arc<dyn Carrier>,
    pub(crate) traffic: Arc<Traffic>,
    pub(crate) rounds: Arc<futures_util::lock::Mutex<()>>,
    /// The lock of exchanges with the hub, separate from that of rounds, so that a person who scans a hub's code does not wait for a silent relay.
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

    /// Shares `engine` under `shell`; `http` builds requests and `carrier` transports them.
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

    /// Runs `act` with exclusive access to the engine, then publishes the changed topics to the interface.
    pub fn with<R>(&self, act: impl FnOnce(&mut Engine) -> R) -> R {
        let mut engine = lock(&self.engine);
        let result = act(&mut engine);
        self.publish(engine);
        result
    }

    /// Releases the engine and publishes what changed. It is never inlined, because `with` is compiled once for each caller.
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

    /// The traffic of sync since the shell started.
    #[must_use]
    pub fn traffic(&self) -> &Traffic {
        &self.traffic
    }

    /// Requests a sync round at once, because a person asked for it or the network returned.
    pub fn wake_sync(&self) {
        self.send_wake(Wake::Nudged);
    }

    /// Sending fails before the loop has started, which is harmless, because the loop begins with a round.
    fn send_wake(&self, wake: Wake) {
        drop(self.wake.unbounded_send(wake));
    }

    /// Takes the receiver of wakes, for the only sync loop.
    pub(crate) fn take_wakes(&self) -> Option<UnboundedReceiver<Wake>> {
        lock(&self.wakes).take()
    }

    /// The last observation of sync.
    pub(crate) fn seen(&self) -> Seen {
        lock(&self.seen).clone()
    }

    /// Stores an observation of sync, and publishes it to the interface if it differs.
    pub(crate) fn set_seen(&self, seen: Seen) {
        let is_news = {
            let mut now = lock(&self.seen);
            std::mem::replace(&mut *now, seen.clone()) != seen
        };
        if is_news {
            (self.shell.events)(Event::Changed { topics: vec![Topic::Sync] });
        }
    }

    /// The choice of the relay that requests go to.
    pub(crate) fn relays(&self) -> MutexGuard<'_, Relays> {
        lock(&self.relays)
    }

    /// The recent contacts with the hub in use.
    pub(crate) fn hub_met(&self) -> MutexGuard<'_, HubMet> {
        lock(&self.hub_met)
    }

    /// Why the last attempt to reach the hub in use failed, if it did.
    pub(crate) fn hub_trouble(&self) -> Option<Message> {
        self.hub_met().trouble.clone()
    }

    /// Publishes a change that is not in the database to the interface.
    pub fn tell_changed(&self, topic: Topic) {
        (self.shell.events)(Event::Changed { topics: vec![topic] });
    }

    /// Marks a job as cancelled.
    pub fn cancel(&self, job: JobId) {
        lock(&self.cancelled).insert(job);
    }

    /// Whether a job was cancelled; clears the mark.
    #[must_use]
    pub fn take_cancelled(&self, job: JobId) -> bool {
        lock(&self.cancelled).remove(&job)
    }
}

/// Takes a lock even if it is poisoned: a panic leaves the database consistent, because its transaction was rolled back.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
