//! The relays: two real ones in this process over one store, which can be killed, restarted, backed up and restored.

use super::device::copy_database;
use super::eye::Eye;
use super::ledger::Hash;
use super::wire::{Answer, Request};
use anyhow::{Context, Result};
use axum::Router;
use axum::body::Body;
use porchlight_model::id::{DeviceId, DocId};
use porchlight_model::time::At;
use porchlight_relay::rates::Rate;
use porchlight_relay::store::sqlite::FILE_NAME;
use porchlight_relay::{Clock, Config, Relay};
use rusqlite::Connection;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;
use tokio::runtime::Runtime;
use tower::ServiceExt;

/// The relays' addresses.
pub const URLS: [&str; 2] = ["http://relay", "http://other-relay"];

/// Every stored change with its hash, by document, in the order of each log.
pub type Log = BTreeMap<DocId, Vec<(Hash, Vec<u8>)>>;

/// A running relay.
type Running = (Relay, Router);

/// Relays with their folder.
pub struct House {
    folder: PathBuf,
    backup: PathBuf,
    clock: Arc<dyn Clock>,
    seed: u64,
    n_starts: u8,
    /// The running relays by number.
    running: [Option<Running>; URLS.len()],
    has_backup: bool,
    /// Reads the file independently of the relay.
    eye: Eye<BTreeSet<Hash>>,
}

impl House {
    /// Starts the relays over the store in `folder`, or a new one.
    ///
    /// # Errors
    /// When the store cannot be opened.
    pub fn start(folder: &Path, clock: Arc<dyn Clock>, seed: u64) -> Result<Self> {
        let backup = folder.join("backup.db");
        let folder = folder.to_owned();
        let mut house = Self {
            folder,
            backup,
            clock,
            seed,
            n_starts: 0,
            running: Default::default(),
            has_backup: false,
            eye: Eye::default(),
        };
        house.open()?;
        Ok(house)
    }

    /// The store's file.
    #[must_use]
    pub fn file(&self) -> PathBuf {
        self.folder.join(FILE_NAME)
    }

    /// A running relay.
    ///
    /// # Errors
    /// When none is running.
    pub fn relay(&self) -> Result<&Relay> {
        self.running.iter().flatten().next().map(|(relay, _)| relay).context("no relay is running")
    }

    fn open(&mut self) -> Result<()> {
        (0..URLS.len()).try_for_each(|number| self.start_one(number))
    }

    /// Starts one relay, unless it runs.
    ///
    /// # Errors
    /// When the store cannot be opened.
    pub fn start_one(&mut self, number: usize) -> Result<()> {
        let number = number % URLS.len();
        if self.running[number].is_some() {
            return Ok(());
        }
        self.n_starts = self.n_starts.wrapping_add(1);
        let mut seed = [self.n_starts; 32];
        seed[..8].copy_from_slice(&self.seed.to_be_bytes());
        // Rate limits are not part of this simulation.
        let rate = Rate { burst: 1_000_000, per_second: 1_000_000 };
        let usual = Config::new(&self.folder, self.clock.clone(), seed);
        let relays = URLS.map(str::to_owned).to_vec();
        let config = Config { device_rate: rate, address_rate: rate, relays, ..usual };
        let relay = Relay::open(&config).context("starting the relay")?;
        let router = porchlight_relay::http::router(&relay);
        self.running[number] = Some((relay, router));
        Ok(())
    }

    /// Stops the relays in order.
    ///
    /// # Errors
    /// When the store does not close.
    pub fn close(&mut self, runtime: &Runtime) -> Result<()> {
        self.stop(runtime)
    }

    fn stop(&mut self, runtime: &Runtime) -> Result<()> {
        self.eye.close();
        (0..URLS.len()).try_for_each(|number| self.stop_one(runtime, number))
    }

    /// Kills one relay: only what is committed remains.
    ///
    /// # Errors
    /// When the store does not close.
    pub fn stop_one(&mut self, runtime: &Runtime, number: usize) -> Result<()> {
        match self.running[number % URLS.len()].take() {
            Some((relay, _)) => runtime.block_on(relay.store().close()).context("closing the store"),
            None => Ok(()),
        }
    }

    /// Whether a relay runs.
    #[must_use]
    pub fn is_up(&self, number: usize) -> bool {
        self.running[number % URLS.len()].is_some()
    }

    /// Kills all relays and starts them again.
    ///
    /// # Errors
    /// When one does not start.
    pub fn kill(&mut self, runtime: &Runtime) -> Result<()> {
        self.stop(runtime)?;
        self.open()
    }

    /// Kills one relay and starts it again.
    ///
    /// # Errors
    /// When it does not start.
    pub fn kill_one(&mut self, runtime: &Runtime, number: usize) -> Result<()> {
        self.stop_one(runtime, number)?;
        self.start_one(number)
    }

    /// Makes snapshots of all documents that grew, as relays do in the background.
    ///
    /// # Errors
    /// When no relay runs, or the store fails.
    pub fn fold(&self, runtime: &Runtime) -> Result<usize> {
        runtime.block_on(self.relay()?.make_snapshots(1)).context("folding")
    }

    /// Copies the store.
    ///
    /// # Errors
    /// When the copy cannot be written.
    pub fn back_up(&mut self) -> Result<()> {
        copy_database(&self.file(), &self.backup)?;
        self.has_backup = true;
        Ok(())
    }

    /// Whether there is a backup.
    #[must_use]
    pub const fn has_backup(&self) -> bool {
        self.has_backup
    }

    /// Restores the backup as the operator's guide says: stop, copy, mark as restored, start.
    ///
    /// # Errors
    /// When any of that fails.
    pub fn restore(&mut self, runtime: &Runtime) -> Result<()> {
        self.stop(runtime)?;
        copy_database(&self.backup, &self.file())?;
        self.open()?;
        runtime.block_on(self.relay()?.start_new_epoch()).map(drop).context("starting a new epoch")
    }

    /// Revokes a device, as the operator does.
    ///
    /// # Errors
    /// When the store fails.
    pub fn revoke(&self, runtime: &Runtime, device: DeviceId) -> Result<()> {
        runtime
            .block_on(self.relay()?.enrolment()?.revoke(device, self.clock.now()))
            .map(drop)
            .context("revoking a device")
    }

    /// Whether the relay knows a device as more than a placeholder.
    ///
    /// # Errors
    /// When the store fails.
    pub fn knows(&self, runtime: &Runtime, device: DeviceId) -> Result<bool> {
        let relay = self.relay()?;
        let mut is_known = false;
        for campaign in runtime.block_on(relay.upkeep()?.campaigns())? {
            is_known |=
                runtime.block_on(relay.enrolment()?.roster(campaign))?.iter().any(|known| known.device == device);
        }
        Ok(is_known)
    }

    /// Answers a request by the relay to which it was sent; `None` if that is down.
    ///
    /// # Errors
    /// When the answer cannot be read.
    pub fn answer(&self, runtime: &Runtime, to: usize, request: &Request) -> Result<Option<Answer>> {
        let Some(Some((_, router))) = self.running.get(to) else { return Ok(None) };
        serve(runtime, router.clone(), request).map(Some)
    }

    /// The hashes of all stored changes, read from the file.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn hashes(&self) -> Result<Rc<BTreeSet<Hash>>> {
        let file = self.file();
        self.eye.look(file.to_str().context("a path that is not UTF-8")?, |conn| {
            let mut select = conn.prepare_cached("SELECT hash FROM change")?;
            let hashes = select.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
            Ok(hashes)
        })
    }

    /// Every stored change by document, in the log's order, read from the file.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn log(&self) -> Result<Log> {
        let conn = Connection::open(self.file())?;
        let mut select = conn.prepare(
            "SELECT doc.id, change.hash, change.bytes FROM change JOIN doc ON doc.key = change.doc ORDER BY change.doc, change.n",
        )?;
        let rows = select.query_map([], |row| Ok((DocId::from_bytes(row.get(0)?), row.get(1)?, row.get(2)?)))?;
        let mut log = Log::new();
        for row in rows {
            let (doc, hash, bytes) = row?;
            log.entry(doc).or_default().push((hash, bytes));
        }
        Ok(log)
    }
}

/// Answers a request by a router.
///
/// # Errors
/// When the answer cannot be read.
pub fn serve(runtime: &Runtime, router: Router, request: &Request) -> Result<Answer> {
    let (parts, body) = request.clone().into_parts();
    let request = axum::http::Request::from_parts(parts, Body::from(body));
    runtime.block_on(async {
        let response = router.oneshot(request).await.unwrap_or_else(|never| match never {});
        let (parts, body) = response.into_parts();
        let bytes = axum::body::to_bytes(body, usize::MAX).await.context("reading an answer")?;
        Ok(Answer::from_parts(parts, bytes.to_vec()))
    })
}

/// A clock that the story sets.
#[derive(Debug, Default)]
pub struct Hands {
    now_ms: std::sync::atomic::AtomicI64,
}

impl Hands {
    /// Creates a clock at a time.
    #[must_use]
    pub fn at(now: At) -> Arc<Self> {
        Arc::new(Self { now_ms: now.0.into() })
    }

    /// Advances the clock.
    pub fn pass_ms(&self, ms: i64) {
        self.now_ms.fetch_add(ms, std::sync::atomic::Ordering::Relaxed);
    }

    /// The current time.
    #[must_use]
    pub fn shows(&self) -> At {
        At(self.now_ms.load(std::sync::atomic::Ordering::Relaxed))
    }
}

impl Clock for Hands {
    fn now(&self) -> At {
        self.shows()
    }
}
