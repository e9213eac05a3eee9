//! The listeners of this node and their grants: a hint wakes only the streams whose device has access to the document.
//!
//! The access of each device is cached here as of a number of the campaign's grants. A hint says from which number to which it leads, and whose
//! grants changed meanwhile: only those are read again. Where a number between is missing (a change at the command line, a lost hint), one
//! query reads the access of the whole campaign before the hint is sent.

mod campaign;
mod inbox;
#[cfg(test)]
mod tests;

use self::campaign::Campaign;
pub(crate) use self::inbox::{Inbox, StreamEvent};
use crate::limits::GAP_SPREAD;
use crate::meters::Meters;
use crate::relay::Relay;
use crate::store::{Hearing, Hint, StoreError, Whose};
use porchlight_model::id::{CampaignId, DeviceId};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::time::Instant;

/// How many hints may wait here; with one more, all are told to sync instead.
const MAX_WAITING: usize = 4096;

/// How long the relay waits before it reads again what could not be read; each failure doubles the wait, up to the longest.
const FIRST_WAIT: Duration = Duration::from_secs(1);
const LONGEST_WAIT: Duration = Duration::from_secs(30);

/// The listeners of this node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum HintOrGap {
    /// Something changed.
    Hint(Hint),
    /// Something may have changed: hints were lost.
    Gap,
}

/// One open stream: whose, and which of that device's.
pub(crate) type StreamId = (DeviceId, u64);

/// Whose grants must be read before a hint can be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Behind {
    Nobody,
    Device(DeviceId),
    All,
}

/// All listeners.
pub(crate) struct Listeners {
    campaigns: Mutex<BTreeMap<CampaignId, Campaign>>,
    told: mpsc::Sender<HintOrGap>,
    waiting: Mutex<Option<mpsc::Receiver<HintOrGap>>>,
    has_missed: AtomicBool,
}

impl Listeners {
    pub(crate) fn new() -> Self {
        let (told, waiting) = mpsc::channel(MAX_WAITING);
        Self {
            campaigns: Mutex::default(),
            told,
            waiting: Mutex::new(Some(waiting)),
            has_missed: AtomicBool::new(false),
        }
    }

    /// Queues a hint; hints are sent in order.
    pub(crate) fn tell(&self, heard: HintOrGap) {
        if self.told.try_send(heard).is_err() {
            self.has_missed.store(true, Ordering::SeqCst);
        }
    }

    /// Opens a stream, which hears nothing before [`Self::begin`]. What changes from here on is known then.
    pub(crate) fn open(&self, campaign: CampaignId, device: DeviceId) -> (StreamId, Arc<Inbox>) {
        self.lock().entry(campaign).or_default().open(device)
    }

    /// Begins a stream with the access of its device; false where the device is not served.
    pub(crate) fn begin(&self, campaign: CampaignId, stream: StreamId, hearing: &Hearing) -> bool {
        self.lock().get_mut(&campaign).is_some_and(|campaign| campaign.begin(stream, hearing))
    }

    /// Closes a stream.
    pub(crate) fn close(&self, campaign: CampaignId, stream: StreamId) {
        let mut campaigns = self.lock();
        if campaigns.get_mut(&campaign).is_some_and(|campaign| campaign.close(stream)) {
            campaigns.remove(&campaign);
        }
    }

    /// Tells all streams to sync, spread over [`GAP_SPREAD`].
    fn sync_all(&self, meters: &Meters) {
        let campaigns = self.lock();
        let mut due = spread(Instant::now(), campaigns.values().map(Campaign::n_streams).sum());
        campaigns.values().for_each(|campaign| campaign.sync_all(due.by_ref(), meters));
    }

    /// The campaigns whose access must be read again before the next hint is sent.
    fn owing(&self) -> Vec<CampaignId> {
        self.lock().iter().filter(|(_, campaign)| campaign.owes_sync()).map(|(id, _)| *id).collect()
    }

    /// The campaigns that anyone listens in, with the number of their grants that is known here.
    fn known(&self) -> Vec<(CampaignId, u64)> {
        self.lock().iter().filter_map(|(id, campaign)| Some((*id, campaign.known()?))).collect()
    }

    fn behind(&self, hint: &Hint) -> Behind {
        self.lock().get_mut(&hint.campaign).map_or(Behind::Nobody, |campaign| campaign.behind(hint))
    }

    fn with(&self, campaign: CampaignId, act: impl FnOnce(&mut Campaign)) {
        if let Some(campaign) = self.lock().get_mut(&campaign) {
            act(campaign);
        }
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<CampaignId, Campaign>> {
        self.campaigns.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The times at which so many streams are told to sync, from now on.
fn spread(now: Instant, n: usize) -> impl Iterator<Item = Instant> {
    let step = GAP_SPREAD / u32::try_from(n).unwrap_or(u32::MAX).max(1);
    (0_u32..).map(move |at| now + step.saturating_mul(at).min(GAP_SPREAD))
}

/// When it is read again what could not be read.
struct Retry {
    at: Instant,
    wait: Duration,
}

impl Retry {
    fn after(wait: Duration) -> Self {
        Self { at: Instant::now() + wait, wait }
    }

    fn later(&self) -> Self {
        Self::after(self.wait.saturating_mul(2).min(LONGEST_WAIT))
    }
}

/// Tells those who listen what happened, one thing after the other, until the relay stops.
pub(crate) async fn run(relay: Relay) {
    let listeners = &relay.listeners;
    let waiting = listeners.waiting.lock().unwrap_or_else(PoisonError::into_inner).take();
    let Some(mut waiting) = waiting else { return };
    let mut is_stopping = relay.is_stopping.subscribe();
    let mut retry: Option<Retry> = None;
    loop {
        let again = async {
            match &retry {
                Some(retry) => tokio::time::sleep_until(retry.at).await,
                None => std::future::pending().await,
            }
        };
        let heard = tokio::select! {
            _ = is_stopping.wait_for(|is_stopping| *is_stopping) => return,
            heard = waiting.recv() => match heard {
                Some(heard) => Some(heard),
                None => return,
            },
            () = again => None,
        };
        match heard {
            Some(HintOrGap::Hint(hint)) => pass_on(&relay, &hint).await,
            Some(HintOrGap::Gap) => listeners.sync_all(&relay.meters),
            None => {
                catch_up(&relay).await;
                retry = retry.as_ref().map(Retry::later);
            }
        }
        if listeners.has_missed.swap(false, Ordering::SeqCst) {
            listeners.sync_all(&relay.meters);
        }
        retry = match listeners.owing().is_empty() {
            true => None,
            false => retry.or_else(|| Some(Retry::after(FIRST_WAIT))),
        };
    }
}

/// A device that there is none of.
const NOBODY: DeviceId = DeviceId::from_bytes([0; 16]);

impl Relay {
    /// Looks in each campaign that anyone listens in whether grants changed of which no hint told: at the command line, or by a store that was
    /// put back. Then what all hear of is read anew, and whoever is served no longer is told nothing more.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] where the store fails.
    pub async fn look_for_grants(&self) -> Result<(), StoreError> {
        for (campaign, known) in self.listeners.known() {
            let found = self.enrolment()?.hearing(campaign, Some(NOBODY)).await?.grants;
            if found != known {
                let since = found;
                let hint = Hint { campaign, grants: found, since, by: NOBODY, doc: None, whose: Whose::All };
                self.listeners.tell(HintOrGap::Hint(hint));
            }
        }
        Ok(())
    }
}

/// Passes a hint on to whom it concerns, by what they may hear of at this moment.
async fn pass_on(relay: &Relay, hint: &Hint) {
    let listeners = &relay.listeners;
    let behind = listeners.behind(hint);
    let of = match behind {
        Behind::Nobody => return listeners.with(hint.campaign, |campaign| campaign.wake(hint, &relay.meters)),
        Behind::Device(device) => Some(device),
        Behind::All => None,
    };
    match relay.hearing(hint.campaign, of).await {
        Ok(hearing) => listeners.with(hint.campaign, |campaign| {
            match behind {
                Behind::Device(device) => campaign.learn_of(device, hint, &hearing, &relay.meters),
                Behind::Nobody | Behind::All => campaign.learn_all(&hearing, &relay.meters),
            }
            campaign.wake(hint, &relay.meters);
        }),
        Err(error) => {
            // Access is unknown, so nobody gets the hint; all are told to sync once access is known.
            if listeners.owing().contains(&hint.campaign) {
                tracing::debug!(%error, "one more hint could not be passed on");
            } else {
                tracing::warn!(%error, "hints are not passed on: who may hear of them cannot be read; it is tried again");
            }
            listeners.with(hint.campaign, Campaign::lose);
        }
    }
}

/// Retries failed reads of access; the listeners are then told to sync, because hints were lost.
async fn catch_up(relay: &Relay) {
    for campaign in relay.listeners.owing() {
        match relay.hearing(campaign, None).await {
            Ok(hearing) => relay.listeners.with(campaign, |campaign| campaign.learn_all(&hearing, &relay.meters)),
            Err(error) => {
                tracing::warn!(%error, "who may hear of hints still cannot be read; it is tried again");
                return;
            }
        }
    }
}
