//! A person with a device: the real engine on a real disk, called as the interface calls it.

use anyhow::{Context, Result, anyhow};
use porchlight_engine::hub::host::Host;
use porchlight_engine::{Clock, Engine, EngineHandle, Env, Files, Shell, dispatch};
use porchlight_hub::host::{LocalHost, PORT};
use porchlight_hub::network::{FixedNetwork, Network, SystemNetwork};
use porchlight_model::calls::files::ChosenFile;
use porchlight_model::calls::import::{Absent, FileReport, ImportFile};
use porchlight_model::calls::join::{Join, SessionView};
use porchlight_model::calls::sync::{SyncNow, SyncView};
use porchlight_model::calls::{Call, Event};
use porchlight_model::id::JobId;
use porchlight_model::message::ApiError;
use porchlight_model::time::At;
use std::net::{Ipv4Addr, SocketAddr};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// The system clock plus an offset that tests add.
#[derive(Debug, Default)]
pub struct AdjustableClock {
    ahead_ms: AtomicI64,
}

impl AdjustableClock {
    /// Advances the clock.
    pub fn advance_ms(&self, ms: i64) {
        self.ahead_ms.fetch_add(ms, Ordering::SeqCst);
    }
}

impl Clock for AdjustableClock {
    fn now(&self) -> At {
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
        At(i64::try_from(since.as_millis()).unwrap_or(i64::MAX)).plus_ms(self.ahead_ms.load(Ordering::SeqCst))
    }
}

/// Files on disk by path.
#[derive(Debug, Default)]
struct DiskFiles;

impl Files for DiskFiles {
    fn read_at(&self, key: &str, offset: u64, into: &mut [u8]) -> std::io::Result<usize> {
        std::fs::File::open(key)?.read_at(into, offset)
    }
}

/// A person with a device.
pub struct Person {
    /// Their name.
    pub name: String,
    /// Their device's clock.
    pub clock: Arc<AdjustableClock>,
    handle: EngineHandle,
    database: PathBuf,
    events: Arc<Mutex<Vec<Event>>>,
    place: HubNetwork,
}

/// The network of a device that is a hub.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HubNetwork {
    /// A fixed address; port 0 means any free port.
    At(SocketAddr),
    /// The machine's real addresses on local networks, as in the native app.
    Network,
}

impl HubNetwork {
    fn network(self) -> (Arc<dyn Network>, u16) {
        match self {
            Self::At(at) => (Arc::new(FixedNetwork(vec![at.ip()])), at.port()),
            Self::Network => (Arc::new(SystemNetwork), PORT),
        }
    }
}

impl std::str::FromStr for HubNetwork {
    type Err = std::net::AddrParseError;

    /// Parses `network`, or an address with a port.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text == "network" { Ok(Self::Network) } else { Ok(Self::At(text.parse()?)) }
    }
}

impl Person {
    /// Creates a person with a new device, whose data is in `folder`.
    ///
    /// # Errors
    /// When the engine cannot be opened.
    pub fn new(name: &str, folder: &Path) -> Result<Self> {
        Self::at(name, folder, HubNetwork::At((Ipv4Addr::LOCALHOST, 0).into()))
    }

    /// As [`Self::new`], with this network for its hub.
    ///
    /// # Errors
    /// When the engine cannot be opened.
    pub fn at(name: &str, folder: &Path, place: HubNetwork) -> Result<Self> {
        let clock = Arc::new(AdjustableClock::default());
        let database = folder.join(format!("{name}.db"));
        let events = Arc::default();
        let handle = open(&database, &clock, &events, place)?;
        Ok(Self { name: name.to_owned(), clock, handle, database, events, place })
    }

    /// Kills and restarts the device: only what is on disk remains.
    ///
    /// # Errors
    /// When the engine cannot be opened again.
    pub fn kill_and_restart(&mut self) -> Result<()> {
        self.handle = open(&self.database, &self.clock, &self.events, self.place)?;
        Ok(())
    }

    /// The engine, for checks that no call offers.
    #[must_use]
    pub const fn handle(&self) -> &EngineHandle {
        &self.handle
    }

    /// The database's file.
    #[must_use]
    pub fn database(&self) -> &Path {
        &self.database
    }

    /// Makes a call, as the interface would.
    ///
    /// # Errors
    /// What the interface would show.
    pub async fn call<C: Call>(&self, call: C) -> Result<C::Reply, ApiError> {
        let reply = dispatch(&self.handle, call.into()).await?;
        serde_json::from_str(&reply).map_err(|error| {
            let message = porchlight_model::message::Message::new("error-corrupt").with("detail", error);
            ApiError::new(porchlight_model::message::ErrorCode::Failed, message)
        })
    }

    /// Makes a call, with the person and the call in the error.
    ///
    /// # Errors
    /// What the interface would show, with who asked.
    pub async fn ask<C: Call + std::fmt::Debug>(&self, call: C) -> Result<C::Reply> {
        let asked = format!("{call:?}");
        self.call(call).await.map_err(|error| anyhow!("{} asked {asked}: {error} {:?}", self.name, error.message))
    }

    /// Uses an invite.
    ///
    /// # Errors
    /// What the interface would show.
    pub async fn join(&self, link: &str) -> Result<SessionView> {
        self.ask(Join { link: link.to_owned(), name: self.name.clone(), campaign: None }).await
    }

    /// Syncs until there is nothing left to do.
    ///
    /// # Errors
    /// What the interface would show.
    pub async fn sync(&self) -> Result<SyncView> {
        self.ask(SyncNow {}).await
    }

    /// Imports a file from disk.
    ///
    /// # Errors
    /// What the interface would show.
    pub async fn import(&self, path: &Path) -> Result<FileReport> {
        self.ask(ImportFile { file: chosen(path)?, job: JobId::new(0, [0; 10]), absent: Absent::Keep }).await
    }

    /// Takes the events since the last call.
    #[must_use]
    pub fn take_events(&self) -> Vec<Event> {
        std::mem::take(&mut *self.events.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// A file on disk as a person chooses it.
///
/// # Errors
/// When there is no such file.
pub fn chosen(path: &Path) -> Result<ChosenFile> {
    let bytes = std::fs::metadata(path).with_context(|| format!("looking at {}", path.display()))?.len();
    Ok(ChosenFile {
        key: path.display().to_string(),
        name: path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default(),
        bytes,
    })
}

fn open(
    database: &Path,
    clock: &Arc<AdjustableClock>,
    events: &Arc<Mutex<Vec<Event>>>,
    place: HubNetwork,
) -> Result<EngineHandle> {
    let env = Env { clock: Arc::clone(clock) as Arc<dyn Clock>, seed: fresh_seed()? };
    let path = database.to_str().context("a path that is not UTF-8")?;
    let engine = Engine::open(path, env).context("opening the engine")?;
    let events = Arc::clone(events);
    let events = Arc::new(move |event| events.lock().unwrap_or_else(PoisonError::into_inner).push(event));
    // A hub needs a runtime; without one, the device cannot be a hub, as in a browser.
    let host = tokio::runtime::Handle::try_current().ok().map(|runtime| {
        let (network, port) = place.network();
        Arc::new(LocalHost::new(runtime).on(network, port)) as Arc<dyn Host>
    });
    Ok(EngineHandle::new(engine, Shell { files: Arc::new(DiskFiles), events, host }))
}

/// A random seed from the system, as in a shell.
fn fresh_seed() -> Result<[u8; 32]> {
    let mut seed = [0; 32];
    std::io::Read::read_exact(&mut std::fs::File::open("/dev/urandom")?, &mut seed)?;
    Ok(seed)
}
