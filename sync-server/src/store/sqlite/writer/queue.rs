//! The writer's fair queue: one lane for each device, so that a device that sends much delays only itself.
//!
//! ```text
//! noisy  a a a a │ taken: a b c, then a, then a …
//! ben    b       │ one of each device in a group: a new request waits for one write of each other device
//! cleo   c       │
//! ```

use super::Job;
use porchlight_model::id::DeviceId;
use std::collections::{BTreeMap, VecDeque};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// The most requests that share one transaction.
const MAX_GROUP: usize = 64;

/// The most requests that wait for the writer.
const MAX_WAITING: usize = 1024;

/// The most of those without a known device: enrolments, invites, the operator's commands.
const MAX_OTHERS: usize = 512;

/// The lane of a write: for whom it is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::store::sqlite) enum Lane {
    /// A known device.
    Device(DeviceId),
    /// Anyone else.
    Others,
}

/// Why the queue accepts no further request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Full {
    /// The device has used up its share of the queue.
    Share,
    /// The whole queue is full.
    All,
    /// The queue is closed.
    Closed,
}

/// The queue.
pub(super) struct Queue {
    state: Mutex<State>,
    is_news: Condvar,
    share: usize,
}

#[derive(Default)]
struct State {
    lanes: BTreeMap<Lane, VecDeque<Box<dyn Job>>>,
    /// The lanes that have requests, the next one first.
    turns: VecDeque<Lane>,
    n_waiting: usize,
    is_closed: bool,
}

impl Queue {
    /// An empty queue in which each device may have `share` requests.
    pub(super) fn new(share: usize) -> Self {
        Self { state: Mutex::default(), is_news: Condvar::new(), share }
    }

    /// Appends a job to its lane.
    pub(super) fn push(&self, lane: Lane, job: Box<dyn Job>) -> Result<(), Full> {
        let mut state = self.lock();
        if state.is_closed {
            return Err(Full::Closed);
        }
        let n_own = state.lanes.get(&lane).map_or(0, VecDeque::len);
        match lane {
            Lane::Device(_) if n_own >= self.share => return Err(Full::Share),
            Lane::Others if n_own >= MAX_OTHERS => return Err(Full::All),
            _ if state.n_waiting >= MAX_WAITING => return Err(Full::All),
            Lane::Device(_) | Lane::Others => {}
        }
        if n_own == 0 {
            state.turns.push_back(lane);
        }
        state.n_waiting += 1;
        state.lanes.entry(lane).or_default().push_back(job);
        drop(state);
        self.is_news.notify_one();
        Ok(())
    }

    /// Waits for work and takes the next group: at most one job of each device. `None` when the queue is closed and empty.
    pub(super) fn take_group(&self) -> Option<Vec<Box<dyn Job>>> {
        let state = self.lock();
        let waited = self.is_news.wait_while(state, |state| state.n_waiting == 0 && !state.is_closed);
        let mut state = waited.unwrap_or_else(PoisonError::into_inner);
        let mut group = Vec::new();
        for _ in 0..state.turns.len() {
            if group.len() == MAX_GROUP {
                break;
            }
            let Some(lane) = state.turns.pop_front() else { break };
            let n_wanted = if lane == Lane::Others { MAX_GROUP - group.len() } else { 1 };
            let jobs = state.lanes.entry(lane).or_default();
            group.extend(jobs.drain(..n_wanted.min(jobs.len())));
            if jobs.is_empty() {
                state.lanes.remove(&lane);
            } else {
                state.turns.push_back(lane);
            }
        }
        state.n_waiting -= group.len();
        (!group.is_empty()).then_some(group)
    }

    /// Accepts nothing more; what is queued is still handed out.
    pub(super) fn close(&self) {
        self.lock().is_closed = true;
        self.is_news.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
