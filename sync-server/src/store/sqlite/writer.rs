//! The writer thread, with group commit. Requests that arrive together share one transaction, so one fsync serves them all;
//! each has a savepoint of its own, so that one that fails rolls back no other. Nobody is answered before the commit.
//!
//! ```text
//! BEGIN | SAVEPOINT a RELEASE | SAVEPOINT b ROLLBACK | SAVEPOINT c RELEASE | COMMIT -> answer a, b, c
//! ```
//! The write-ahead log is checkpointed after the answer, when it has grown long. Deleted data still stands in it after the
//! commit: then it is checkpointed and truncated before the answer.

mod queue;
#[cfg(test)]
mod tests;

pub(super) use self::queue::Lane;
use self::queue::{Full, Queue};
use super::files;
use crate::store::StoreError;
use porchlight_model::relay::RefusalCode;
use rusqlite::Connection;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use tokio::sync::oneshot;

/// From so many pages on the write-ahead log is checkpointed after a commit; requests that arrive meanwhile wait.
const MAX_LOG_PAGES: i64 = 500;

/// How often the writer tries to truncate the log when it ends, while others read from it. Each try waits for them a moment, and between two
/// the file is free for whoever writes.
const MAX_LAST_TRUNCATIONS: u32 = 25;

/// Whether the write-ahead log holds deleted data.
#[derive(Clone, Default)]
pub(super) struct Remains(Arc<AtomicBool>);

impl Remains {
    /// Records that the log will hold deleted data once this transaction is committed.
    pub(super) fn are_left(&self) {
        self.0.store(true, Ordering::SeqCst);
    }

    /// Checkpoints and truncates the log where it holds any. While a reader still uses the log, this is left to the next commit.
    fn clear(&self, conn: &Connection) {
        if self.0.load(Ordering::SeqCst) && fold_in(conn) {
            self.0.store(false, Ordering::SeqCst);
        }
    }
}

/// The handle of the writer thread.
pub(super) struct Writer {
    queue: Arc<Queue>,
    thread: Mutex<Option<JoinHandle<()>>>,
    n_commits: Arc<AtomicU64>,
    remains: Remains,
}

impl Writer {
    /// Starts the thread, which owns the connection. Each device may have `share` requests in its queue.
    pub(super) fn start(conn: Connection, share: usize) -> Result<Self, StoreError> {
        let queue = Arc::new(Queue::new(share));
        let waiting = queue.clone();
        let n_commits = Arc::new(AtomicU64::new(0));
        let counted = n_commits.clone();
        let remains = Remains::default();
        let left = remains.clone();
        let thread = std::thread::Builder::new()
            .name("relay-writer".to_owned())
            .spawn(move || run(&conn, &waiting, &counted, &left))
            .map_err(|error| StoreError::Unavailable(error.into()))?;
        Ok(Self { queue, thread: Mutex::new(Some(thread)), n_commits, remains })
    }

    /// Runs a write; returns when it is committed or rolled back.
    pub(super) async fn write<T: Send + 'static>(
        &self,
        lane: Lane,
        work: impl FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let (reply, answer) = oneshot::channel();
        let job = Box::new(Work { work: Some(work), result: None, reply });
        self.queue.push(lane, job).map_err(|full| match full {
            Full::Share => StoreError::Refused("too many requests of this device wait", RefusalCode::SlowDown),
            Full::All => StoreError::Busy,
            Full::Closed => unavailable("the store is closed"),
        })?;
        answer.await.unwrap_or_else(|_| Err(unavailable("the store's writer has stopped")))
    }

    /// Lets the thread finish its queue and waits for it.
    pub(super) async fn close(&self) -> Result<(), StoreError> {
        self.queue.close();
        let thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take();
        let Some(thread) = thread else { return Ok(()) };
        let joined = tokio::task::spawn_blocking(move || thread.join()).await;
        match joined {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) | Err(_) => Err(unavailable("the store's writer broke down")),
        }
    }

    /// The mark that deletions set.
    pub(super) fn remains(&self) -> Remains {
        self.remains.clone()
    }

    /// How many transactions were committed.
    pub(super) fn n_commits(&self) -> u64 {
        self.n_commits.load(Ordering::SeqCst)
    }
}

impl Drop for Writer {
    /// The thread finishes its queue and closes its file.
    fn drop(&mut self) {
        self.queue.close();
    }
}

fn unavailable(why: &str) -> StoreError {
    StoreError::Unavailable(why.into())
}

/// A write whose answer waits for the commit.
trait Job: Send {
    /// Runs the write inside a savepoint; returns whether it succeeded.
    fn run(&mut self, conn: &Connection) -> bool;

    /// Answers with the result where the transaction was committed, else with a failure of the store.
    fn answer(self: Box<Self>, commit: Result<(), &str>);
}

struct Work<T, F> {
    work: Option<F>,
    result: Option<Result<T, StoreError>>,
    reply: oneshot::Sender<Result<T, StoreError>>,
}

impl<T: Send, F: FnOnce(&Connection) -> Result<T, StoreError> + Send> Job for Work<T, F> {
    fn run(&mut self, conn: &Connection) -> bool {
        let Some(work) = self.work.take() else { return false };
        let result = work(conn);
        let is_done = result.is_ok();
        self.result = Some(result);
        is_done
    }

    fn answer(self: Box<Self>, commit: Result<(), &str>) {
        let result = match (commit, self.result) {
            (Ok(()), Some(result)) => result,
            (Ok(()), None) => Err(unavailable("the request was not reached")),
            (Err(why), _) => Err(unavailable(why)),
        };
        // The caller may be gone; the write stands all the same.
        let _ = self.reply.send(result);
    }
}

fn run(conn: &Connection, waiting: &Queue, n_commits: &AtomicU64, remains: &Remains) {
    while let Some(mut group) = waiting.take_group() {
        let commit = commit(conn, &mut group);
        if commit.is_ok() {
            n_commits.fetch_add(1, Ordering::SeqCst);
            remains.clear(conn);
        } else if !conn.is_autocommit() && conn.execute_batch("ROLLBACK").is_err() {
            tracing::error!("the store cannot roll back");
        }
        for job in group {
            job.answer(commit.as_ref().copied().map_err(String::as_str));
        }
        if let Err(error) = shorten_log(conn) {
            warn_of_log(&error);
        }
    }
    for _ in 0..MAX_LAST_TRUNCATIONS {
        if fold_in(conn) {
            return;
        }
    }
}

/// Checkpoints and truncates the write-ahead log; returns whether that was done. No process can write while this waits for readers, so it
/// waits for a moment only.
fn fold_in(conn: &Connection) -> bool {
    let is_done = files::briefly(conn, |conn| {
        conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get::<_, bool>(0)).map(|is_busy| !is_busy)
    });
    is_done.unwrap_or_else(|error| {
        warn_of_log(&error);
        false
    })
}

/// Checkpoints the write-ahead log where it has grown long, as far as no reader uses it.
fn shorten_log(conn: &Connection) -> rusqlite::Result<()> {
    let n_pages: i64 = conn.prepare_cached("PRAGMA wal_checkpoint(NOOP)")?.query_row([], |row| row.get("log"))?;
    if n_pages >= MAX_LOG_PAGES {
        conn.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()))?;
    }
    Ok(())
}

fn warn_of_log(error: &rusqlite::Error) {
    tracing::warn!(%error, "the write-ahead log was not folded in; it is tried again");
}

/// Runs a group in one transaction; an error means that all of it was rolled back.
fn commit(conn: &Connection, group: &mut [Box<dyn Job>]) -> Result<(), String> {
    let failed = |error: rusqlite::Error| error.to_string();
    files::run(conn, "BEGIN IMMEDIATE").map_err(failed)?;
    for job in group {
        files::run(conn, "SAVEPOINT job").map_err(failed)?;
        let is_done = job.run(conn);
        // A full disk may roll back the whole transaction at once, with what was done before.
        if conn.is_autocommit() {
            return Err("the disk is full or broken: the whole transaction was rolled back".to_owned());
        }
        if !is_done {
            files::run(conn, "ROLLBACK TO job").map_err(failed)?;
        }
        files::run(conn, "RELEASE job").map_err(failed)?;
    }
    files::run(conn, "COMMIT").map_err(failed)
}
