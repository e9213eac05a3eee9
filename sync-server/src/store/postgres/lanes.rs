//! The lanes of this node's pushes, with group commit: pushes that wait together share one transaction, so that one fsync serves
//! them all. If the transaction of a group fails, each push is retried alone, so that one failure does not affect the others. Nobody is
//! answered before the commit.

use super::database::Database;
use super::fault::{self, unavailable};
use super::intake;
use crate::store::{Push, Pushed, StoreError};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::mpsc::error::TrySendError;
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;
use tokio::time::Instant;

/// How many groups of one node are on their way at once: while one waits for the disk, the next is judged.
const N_LANES: usize = 2;

/// The most pushes that share one transaction.
const MAX_GROUP: usize = 64;

/// A transaction with so many bytes of changes takes no further push.
const MAX_GROUP_BYTES: usize = 8 * 1024 * 1024;

/// The most pushes that wait; one more is told to retry.
const MAX_WAITING: usize = 1024;

/// How long a push may wait in its lane before it is told to retry.
const MAX_WAIT: Duration = Duration::from_secs(5);

/// A push that waits.
struct Job {
    push: Push,
    since: Instant,
    reply: oneshot::Sender<Result<Pushed, StoreError>>,
}

type Jobs = Arc<tokio::sync::Mutex<mpsc::Receiver<Job>>>;

/// All lanes, from outside.
pub(super) struct Lanes {
    jobs: Mutex<Option<mpsc::Sender<Job>>>,
    tasks: Mutex<Vec<JoinHandle<()>>>,
}

impl Lanes {
    /// Starts the lanes.
    pub(super) fn start(database: &Database) -> Self {
        let (jobs, waiting) = mpsc::channel(MAX_WAITING);
        let waiting = Arc::new(tokio::sync::Mutex::new(waiting));
        let tasks = (0..N_LANES).map(|_| tokio::spawn(run(database.clone(), waiting.clone()))).collect();
        Self { jobs: Mutex::new(Some(jobs)), tasks: Mutex::new(tasks) }
    }

    /// Takes in a push; returns when it is committed, or has left no trace.
    pub(super) async fn push(&self, push: Push) -> Result<Pushed, StoreError> {
        let (reply, answer) = oneshot::channel();
        let sender = self.jobs.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let Some(sender) = sender else { return Err(unavailable("the store is closed")) };
        sender.try_send(Job { push, since: Instant::now(), reply }).map_err(|error| match error {
            TrySendError::Full(_) => StoreError::Busy,
            TrySendError::Closed(_) => unavailable("the store's lanes have stopped"),
        })?;
        answer.await.unwrap_or_else(|_| Err(unavailable("the store's lanes have stopped")))
    }

    /// Waits until the lanes have processed all queued pushes.
    pub(super) async fn close(&self) -> Result<(), StoreError> {
        drop(self.jobs.lock().unwrap_or_else(PoisonError::into_inner).take());
        let tasks = std::mem::take(&mut *self.tasks.lock().unwrap_or_else(PoisonError::into_inner));
        for task in tasks {
            task.await.map_err(|_| unavailable("a lane of the store broke down"))?;
        }
        Ok(())
    }
}

async fn run(database: Database, jobs: Jobs) {
    loop {
        let mut waiting = Vec::new();
        let mut queue = jobs.lock().await;
        if queue.recv_many(&mut waiting, 1).await == 0 {
            return;
        }
        let mut n_bytes = waiting.iter().map(|job| size(&job.push)).sum::<usize>();
        while waiting.len() < MAX_GROUP
            && n_bytes < MAX_GROUP_BYTES
            && let Ok(job) = queue.try_recv()
        {
            n_bytes += size(&job.push);
            waiting.push(job);
        }
        drop(queue);
        let (late, group): (Vec<_>, Vec<_>) = waiting.into_iter().partition(|job| job.since.elapsed() > MAX_WAIT);
        late.into_iter().for_each(|job| answer(job.reply, Err(StoreError::Busy)));
        take_in(&database, group).await;
    }
}

/// Takes in a group and answers each.
async fn take_in(database: &Database, group: Vec<Job>) {
    if group.is_empty() {
        return;
    }
    let (pushes, replies): (Vec<_>, Vec<_>) = group.into_iter().map(|job| (job.push, job.reply)).unzip();
    let pushes = Arc::new(pushes);
    match database.write(pushes.clone(), |tx, pushes| Box::pin(intake::take_in(tx, pushes))).await {
        Ok(answers) => replies.into_iter().zip(answers).for_each(|(reply, result)| answer(reply, result)),
        Err(error) if pushes.len() > 1 && fault::is_about_the_work(&error) => {
            tracing::warn!(%error, "a group of pushes is taken in one by one");
            for (push, reply) in pushes.iter().zip(replies) {
                let alone = vec![push.clone()];
                let result = database.write(alone, |tx, alone| Box::pin(intake::take_in(tx, alone))).await;
                answer(reply, result.and_then(|mut answers| answers.pop().unwrap_or_else(|| Err(nothing()))));
            }
        }
        Err(error) => {
            for reply in replies {
                let again = match &error {
                    StoreError::Busy => StoreError::Busy,
                    StoreError::Refused(why, code) => StoreError::Refused(why, *code),
                    StoreError::Unavailable(cause) => StoreError::Unavailable(cause.to_string().into()),
                };
                answer(reply, Err(again));
            }
        }
    }
}

fn nothing() -> StoreError {
    unavailable("the request was not reached")
}

fn size(push: &Push) -> usize {
    push.docs.iter().flat_map(|doc| doc.changes.iter().flatten()).map(|change| change.bytes.len()).sum()
}

/// The client may have gone; the work is committed nevertheless.
fn answer(reply: oneshot::Sender<Result<Pushed, StoreError>>, result: Result<Pushed, StoreError>) {
    drop(reply.send(result));
}
