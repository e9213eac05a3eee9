//! The one thread that writes. Requests that arrive together share one transaction, so one wait for the disk serves them all;
//! each stands behind a savepoint of its own, so that one that fails takes no other with it. Nobody is answered before the commit.
//!
//! ```text
//! BEGIN | SAVEPOINT a RELEASE | SAVEPOINT b ROLLBACK | SAVEPOINT c RELEASE | COMMIT -> answer a, b, c
//! ```

#[cfg(test)]
mod tests;

use crate::store::StoreError;
use rusqlite::Connection;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use tokio::sync::mpsc::error::TrySendError;
use tokio::sync::{mpsc, oneshot};

/// The most requests that share one transaction.
const MAX_GROUP: usize = 64;

/// The most requests that wait for the writer; one more is told to come again.
const MAX_WAITING: usize = 1024;

/// The writing thread, from outside.
pub(super) struct Writer {
    jobs: Mutex<Option<mpsc::Sender<Box<dyn Job>>>>,
    thread: Mutex<Option<JoinHandle<()>>>,
    n_commits: Arc<AtomicU64>,
}

impl Writer {
    /// Starts the thread; it owns the connection.
    pub(super) fn start(conn: Connection) -> Result<Self, StoreError> {
        let (jobs, waiting) = mpsc::channel(MAX_WAITING);
        let n_commits = Arc::new(AtomicU64::new(0));
        let counted = n_commits.clone();
        let thread = std::thread::Builder::new()
            .name("relay-writer".to_owned())
            .spawn(move || run(&conn, waiting, &counted))
            .map_err(|error| StoreError::Unavailable(error.into()))?;
        Ok(Self { jobs: Mutex::new(Some(jobs)), thread: Mutex::new(Some(thread)), n_commits })
    }

    /// Does some writing; returns when it is committed, or has left no trace.
    pub(super) async fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let (reply, answer) = oneshot::channel();
        let job = Box::new(Work { work: Some(work), result: None, reply });
        let sender = self.jobs.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let Some(sender) = sender else { return Err(unavailable("the store is closed")) };
        sender.try_send(job).map_err(|error| match error {
            TrySendError::Full(_) => StoreError::Busy,
            TrySendError::Closed(_) => unavailable("the store's writer has stopped"),
        })?;
        answer.await.unwrap_or_else(|_| Err(unavailable("the store's writer has stopped")))
    }

    /// Lets the thread finish what waits and waits for it.
    pub(super) async fn close(&self) -> Result<(), StoreError> {
        drop(self.jobs.lock().unwrap_or_else(PoisonError::into_inner).take());
        let thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take();
        let Some(thread) = thread else { return Ok(()) };
        let joined = tokio::task::spawn_blocking(move || thread.join()).await;
        match joined {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) | Err(_) => Err(unavailable("the store's writer broke down")),
        }
    }

    /// How many transactions were committed.
    pub(super) fn n_commits(&self) -> u64 {
        self.n_commits.load(Ordering::SeqCst)
    }
}

fn unavailable(why: &str) -> StoreError {
    StoreError::Unavailable(why.into())
}

/// A piece of writing whose answer waits for the commit.
trait Job: Send {
    /// Does the work inside a savepoint; whether it succeeded.
    fn run(&mut self, conn: &Connection) -> bool;

    /// Answers: with the work's result where the transaction was committed, else that the store failed.
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
        // Whoever asked may have gone; the work stands all the same.
        let _ = self.reply.send(result);
    }
}

fn run(conn: &Connection, mut waiting: mpsc::Receiver<Box<dyn Job>>, n_commits: &AtomicU64) {
    while let Some(first) = waiting.blocking_recv() {
        let mut group = vec![first];
        while group.len() < MAX_GROUP
            && let Ok(job) = waiting.try_recv()
        {
            group.push(job);
        }
        let commit = commit(conn, &mut group);
        if commit.is_ok() {
            n_commits.fetch_add(1, Ordering::SeqCst);
        } else if !conn.is_autocommit() && conn.execute_batch("ROLLBACK").is_err() {
            tracing::error!("the store cannot roll back");
        }
        for job in group {
            job.answer(commit.as_ref().copied().map_err(String::as_str));
        }
    }
    if let Err(error) = conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())) {
        tracing::warn!(%error, "the write-ahead log was not folded in; the next start does it");
    }
}

/// Runs a group in one transaction; an error means that nothing of it was kept.
fn commit(conn: &Connection, group: &mut [Box<dyn Job>]) -> Result<(), String> {
    let failed = |error: rusqlite::Error| error.to_string();
    conn.execute_batch("BEGIN IMMEDIATE").map_err(failed)?;
    for job in group {
        conn.execute_batch("SAVEPOINT job").map_err(failed)?;
        let is_done = job.run(conn);
        // A full disk may end the whole transaction at once; then nothing before it was kept either.
        if conn.is_autocommit() {
            return Err("the disk is full or broken: the whole transaction was rolled back".to_owned());
        }
        let end = if is_done { "RELEASE job" } else { "ROLLBACK TO job; RELEASE job" };
        conn.execute_batch(end).map_err(failed)?;
    }
    conn.execute_batch("COMMIT").map_err(failed)
}
