//! A device: the real engine over a real file, with a clock that may be wrong, a disk that may fail, and a process that may die.

use super::eye::Eye;
use super::house::Hands;
use super::hub::SimHost;
use super::ledger::Hash;
use super::seen::{Parcel, Round, Stored, StoredState};
use super::wire::Wire;
use anyhow::{Context, Result};
use porchlight_engine::hub::host::Host;
use porchlight_engine::hub::open::reopen;
use porchlight_engine::{Clock, Engine, EngineHandle, Env, Files, Shell, dispatch};
use porchlight_model::calls::AnyCall;
use porchlight_model::id::VisitId;
use porchlight_model::message::ApiError;
use porchlight_model::time::At;
use rusqlite::Connection;
use rusqlite::config::DbConfig;
use rusqlite::trace::{TraceEvent, TraceEventCodes};
use std::future::Future;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::task::{Context as Polling, Poll, Waker};

/// A running call.
type UnderWay = Pin<Box<dyn Future<Output = Result<String, ApiError>> + Send>>;

/// The device's clock: the true time plus an error.
#[derive(Debug)]
struct WrongClock {
    time: Arc<Hands>,
    ahead_ms: AtomicI64,
}

impl Clock for WrongClock {
    fn now(&self) -> At {
        self.time.shows().plus_ms(self.ahead_ms.load(Ordering::Relaxed))
    }
}

/// An injected fault of disk or power, scheduled by the count of SQLite statements.
#[derive(Debug, Default)]
struct Fault {
    is_armed: AtomicBool,
    /// Whether only the disk fails, and the device survives.
    is_disk_only: AtomicBool,
    n_left: AtomicI64,
    /// While set, nothing is committed.
    is_off: AtomicBool,
}

impl Fault {
    fn before_statement(&self) {
        if self.is_armed.load(Ordering::Relaxed) && self.n_left.fetch_sub(1, Ordering::Relaxed) <= 0 {
            self.is_off.store(true, Ordering::Relaxed);
        }
    }

    /// Whether a commit is refused.
    fn refuses_commit(&self) -> bool {
        let is_off = self.is_off.load(Ordering::Relaxed);
        if is_off && self.is_disk_only.load(Ordering::Relaxed) {
            self.clear();
        }
        is_off
    }

    fn arm(&self, after: i64, is_disk_only: bool) {
        self.n_left.store(after, Ordering::Relaxed);
        self.is_disk_only.store(is_disk_only, Ordering::Relaxed);
        self.is_armed.store(true, Ordering::Relaxed);
    }

    fn clear(&self) {
        self.is_armed.store(false, Ordering::Relaxed);
        self.is_off.store(false, Ordering::Relaxed);
    }
}

/// Files on disk by path.
struct DiskFiles;

impl Files for DiskFiles {
    fn read_at(&self, key: &str, offset: u64, into: &mut [u8]) -> std::io::Result<usize> {
        std::fs::File::open(key)?.read_at(into, offset)
    }
}

/// A device.
pub struct Device {
    /// The name of its owner.
    pub name: String,
    /// Its index among all devices of the story.
    pub index: usize,
    /// Its database's file.
    pub path: PathBuf,
    /// The number of times it was started.
    pub life: u32,
    /// Its last visits, for undo.
    pub last_visits: Vec<VisitId>,
    /// Whether there is a copy of its database.
    pub has_copy: bool,
    seed: u64,
    /// Its host, for when it is a hub.
    pub host: Arc<SimHost>,
    clock: Arc<WrongClock>,
    fault: Arc<Fault>,
    wire: Wire,
    http: reqwest::Client,
    handle: Option<EngineHandle>,
    under_way: Option<UnderWay>,
    /// Reads the file independently of the engine.
    eye: Eye<StoredState>,
}

impl Device {
    /// Starts a device over the database at `path`, or a new one.
    ///
    /// # Errors
    /// When the engine cannot be opened.
    pub fn start(
        name: &str,
        index: usize,
        path: PathBuf,
        seed: u64,
        time: &Arc<Hands>,
        wire: &Wire,
        http: &reqwest::Client,
    ) -> Result<Self> {
        let mut device = Self {
            name: name.to_owned(),
            index,
            path,
            life: 0,
            last_visits: Vec::new(),
            has_copy: false,
            host: Arc::new(SimHost::new(index, time.clone())),
            seed,
            clock: Arc::new(WrongClock { time: time.clone(), ahead_ms: AtomicI64::new(0) }),
            fault: Arc::default(),
            wire: wire.clone(),
            http: http.clone(),
            handle: None,
            under_way: None,
            eye: Eye::default(),
        };
        device.open()?;
        Ok(device)
    }

    fn open(&mut self) -> Result<()> {
        self.life += 1;
        let mut seed = [0; 32];
        seed[..8].copy_from_slice(&self.seed.to_be_bytes());
        seed[8..16].copy_from_slice(&(self.index as u64).to_be_bytes());
        seed[16..20].copy_from_slice(&self.life.to_be_bytes());
        let env = Env { clock: self.clock.clone(), seed };
        let path = of_one_process(&self.path)?;
        self.fault.clear();
        let fault = self.fault.clone();
        let engine = Engine::open_watched(&path, env, |conn| watch(conn, fault)).context("opening the engine")?;
        let shell = Shell { files: Arc::new(DiskFiles), events: Arc::new(|_| ()), host: Some(self.host.clone()) };
        let end = self.wire.end(self.index, self.life);
        let handle = EngineHandle::over(end, self.http.clone(), engine, shell);
        reopen(&handle).context("opening the hub again")?;
        self.handle = Some(handle);
        Ok(())
    }

    /// The engine.
    ///
    /// # Errors
    /// When the device is off.
    pub fn handle(&self) -> Result<&EngineHandle> {
        self.handle.as_ref().with_context(|| format!("the device of {} is off", self.name))
    }

    /// Switches the device off: running calls end, and only what is on disk remains.
    pub fn switch_off(&mut self) {
        self.under_way = None;
        self.host.close();
        self.handle = None;
        let me = self.index;
        self.wire.with(|messages| messages.retain(|message| message.from != me || message.answer.is_none()));
    }

    /// Switches it off and on.
    ///
    /// # Errors
    /// When the engine cannot be opened again.
    pub fn restart(&mut self) -> Result<()> {
        self.switch_off();
        self.open()
    }

    /// Replaces its database with a copy, and restarts it.
    ///
    /// # Errors
    /// When the copy cannot be read or the engine not be opened.
    pub fn put_back(&mut self, copy: &Path) -> Result<()> {
        self.switch_off();
        self.eye.close();
        copy_database(copy, &self.path)?;
        self.last_visits.clear();
        self.open()
    }

    /// Sets the error of its clock.
    pub fn set_ahead_ms(&self, ms: i64) {
        self.clock.ahead_ms.store(ms, Ordering::Relaxed);
    }

    /// Arms a fault: the disk fails or the device dies after this many statements.
    pub fn arm(&self, after: i64, is_disk_only: bool) {
        self.fault.arm(after, is_disk_only);
    }

    /// Disarms the fault.
    pub fn disarm(&self) {
        if !self.is_dead() {
            self.fault.clear();
        }
    }

    /// Whether the device died of the fault.
    #[must_use]
    pub fn is_dead(&self) -> bool {
        self.fault.is_off.load(Ordering::Relaxed) && !self.fault.is_disk_only.load(Ordering::Relaxed)
    }

    /// Whether a call is running.
    #[must_use]
    pub const fn is_busy(&self) -> bool {
        self.under_way.is_some()
    }

    /// Begins a call.
    ///
    /// # Errors
    /// When the device is off.
    pub fn begin(&mut self, call: impl Into<AnyCall>) -> Result<()> {
        let (handle, call) = (self.handle()?.clone(), call.into());
        self.under_way = Some(Box::pin(async move { dispatch(&handle, call).await }));
        Ok(())
    }

    /// Polls the running call; `None` while it waits for an answer.
    pub fn go_on(&mut self) -> Option<Result<String, ApiError>> {
        let under_way = self.under_way.as_mut()?;
        let mut polling = Polling::from_waker(Waker::noop());
        match under_way.as_mut().poll(&mut polling) {
            Poll::Ready(result) => {
                self.under_way = None;
                Some(result)
            }
            Poll::Pending => None,
        }
    }

    /// Answers a call that needs no network.
    ///
    /// # Errors
    /// When the device is off; inside, what the interface would show.
    pub fn ask(&self, call: impl Into<AnyCall>) -> Result<Result<String, ApiError>> {
        let (handle, call) = (self.handle()?.clone(), call.into());
        let mut answer = Box::pin(async move { dispatch(&handle, call).await });
        let mut polling = Polling::from_waker(Waker::noop());
        match answer.as_mut().poll(&mut polling) {
            Poll::Ready(result) => Ok(result),
            Poll::Pending => anyhow::bail!("a call that needs no network waits for it"),
        }
    }

    /// The path of the copy of its database.
    #[must_use]
    pub fn copy_path(&self) -> PathBuf {
        self.path.with_extension("copy")
    }

    /// The documents of all waves that this device knows of, with their turf, and whether their wave has ended; read from the file.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn rounds(&self) -> Result<Rc<Vec<Round>>> {
        Ok(self.look()?.rounds.clone())
    }

    /// Every stored change with its document, and whether the device believes it safe, read from the file.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn stored(&self) -> Result<Rc<Vec<Stored>>> {
        Ok(self.look()?.stored.clone())
    }

    /// Every own change that the device believes a coordinator's device has stored, read from the file.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn shown(&self) -> Result<Rc<Vec<Hash>>> {
        Ok(self.look()?.shown.clone())
    }

    /// The hashes of parcels that the device holds for others, with their dependencies, read from the file.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn parcels(&self) -> Result<Rc<Vec<Parcel>>> {
        Ok(self.look()?.parcels.clone())
    }

    fn look(&self) -> Result<Rc<StoredState>> {
        self.eye.look(&of_one_process(&self.path)?, StoredState::read)
    }
}

/// A database's SQLite URI. Only this process uses it, so that it needs no file locks. All else is as on a phone.
///
/// # Errors
/// When the path is not UTF-8.
fn of_one_process(path: &Path) -> Result<String> {
    let path = path.to_str().context("a path that is not UTF-8")?;
    let path: String = path
        .chars()
        .map(|letter| match letter {
            '%' => "%25".to_owned(),
            '?' => "%3f".to_owned(),
            '#' => "%23".to_owned(),
            letter => letter.to_string(),
        })
        .collect();
    Ok(format!("file:{path}?vfs=unix-excl"))
}

fn watch(conn: &mut Connection, fault: Arc<Fault>) -> rusqlite::Result<()> {
    leave_log(conn)?;
    let counted = fault.clone();
    let count = move |event: TraceEvent<'_>| {
        if let TraceEvent::Stmt(..) = event {
            counted.before_statement();
        }
    };
    conn.trace_v2(TraceEventCodes::SQLITE_TRACE_STMT, Some(count))?;
    conn.commit_hook(Some(move || fault.refuses_commit()))
}

/// Makes a closing connection leave the write-ahead log as it is, because a phone with a flat battery does not checkpoint.
///
/// # Errors
/// When SQLite refuses.
pub fn leave_log(conn: &Connection) -> rusqlite::Result<()> {
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true).map(drop)
}

/// Copies a database with its write-ahead log, replacing any other. Nobody may be writing.
///
/// # Errors
/// When a file cannot be read or written.
pub fn copy_database(from: &Path, to: &Path) -> Result<()> {
    let beside = |path: &Path, end: &str| PathBuf::from(format!("{}{end}", path.display()));
    for end in ["-wal", "-shm"] {
        let old = beside(to, end);
        if old.exists() {
            std::fs::remove_file(&old).with_context(|| format!("removing {}", old.display()))?;
        }
    }
    std::fs::copy(from, to).with_context(|| format!("copying {}", from.display()))?;
    let log = beside(from, "-wal");
    if log.exists() {
        std::fs::copy(&log, beside(to, "-wal")).with_context(|| format!("copying {}", log.display()))?;
    }
    Ok(())
}
