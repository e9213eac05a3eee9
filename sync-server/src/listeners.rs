//! Who listens at this node, and for what: a hint wakes only the streams whose device hears of the document.
//!
//! What each device hears of is kept here as of a number of the campaign's grants. A hint tells from which number to which it leads, and whose
//! grants changed meanwhile: only those are read anew. Where a number between is missing (a change at the command line, a hint that was lost), one
//! query reads what all of the campaign hear of, before anybody is told.

mod campaign;
mod inbox;

use self::campaign::Campaign;
pub(crate) use self::inbox::{Inbox, Told};
use crate::meters::Meters;
use crate::relay::Relay;
use crate::store::{Hearing, Hint};
use porchlight_model::id::{CampaignId, DeviceId};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::mpsc;

/// How many hints may wait here; with one more, all are told to sync instead.
const MAX_WAITING: usize = 4096;

/// What is told to those who listen at this node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Heard {
    /// Something changed.
    Hint(Hint),
    /// Something may have changed: hints were lost.
    Gap,
}

/// One open stream: whose, and which of that device's.
pub(crate) type StreamId = (DeviceId, u64);

/// Whose grants are to be read before anybody is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Behind {
    Nobody,
    Device(DeviceId),
    All,
}

/// Everyone who listens.
pub(crate) struct Listeners {
    campaigns: Mutex<BTreeMap<CampaignId, Campaign>>,
    told: mpsc::Sender<Heard>,
    waiting: Mutex<Option<mpsc::Receiver<Heard>>>,
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

    /// Takes what is to be told; it is told in its turn.
    pub(crate) fn tell(&self, heard: Heard) {
        if self.told.try_send(heard).is_err() {
            self.has_missed.store(true, Ordering::SeqCst);
        }
    }

    /// Opens a stream, which hears nothing before [`Self::begin`]. What changes from here on is known then.
    pub(crate) fn open(&self, campaign: CampaignId, device: DeviceId) -> (StreamId, Arc<Inbox>) {
        self.lock().entry(campaign).or_default().open(device)
    }

    /// Lets a stream hear what its device hears of; false where the device is served nothing.
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

    fn sync_all(&self, meters: &Meters) {
        self.lock().values_mut().for_each(|campaign| campaign.sync_all(meters));
    }

    fn behind(&self, hint: &Hint) -> Behind {
        self.lock().get_mut(&hint.campaign).map_or(Behind::Nobody, |campaign| campaign.behind(hint))
    }

    fn with(&self, hint: &Hint, act: impl FnOnce(&mut Campaign)) {
        if let Some(campaign) = self.lock().get_mut(&hint.campaign) {
            act(campaign);
        }
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<CampaignId, Campaign>> {
        self.campaigns.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Tells those who listen what happened, one thing after the other, until the relay stops.
pub(crate) async fn run(relay: Relay) {
    let listeners = &relay.listeners;
    let waiting = listeners.waiting.lock().unwrap_or_else(PoisonError::into_inner).take();
    let Some(mut waiting) = waiting else { return };
    let mut is_stopping = relay.is_stopping.subscribe();
    loop {
        let heard = tokio::select! {
            _ = is_stopping.wait_for(|is_stopping| *is_stopping) => return,
            heard = waiting.recv() => heard,
        };
        match heard {
            Some(Heard::Hint(hint)) => pass_on(&relay, &hint).await,
            Some(Heard::Gap) => listeners.sync_all(&relay.meters),
            None => return,
        }
        if listeners.has_missed.swap(false, Ordering::SeqCst) {
            listeners.sync_all(&relay.meters);
        }
    }
}

/// Passes a hint on to whom it concerns, by what they may hear of at this moment.
async fn pass_on(relay: &Relay, hint: &Hint) {
    let listeners = &relay.listeners;
    let behind = listeners.behind(hint);
    let of = match behind {
        Behind::Nobody => return listeners.with(hint, |campaign| campaign.wake(hint, &relay.meters)),
        Behind::Device(device) => Some(device),
        Behind::All => None,
    };
    match relay.hearing(hint.campaign, of).await {
        Ok(hearing) => listeners.with(hint, |campaign| {
            match behind {
                Behind::Device(device) => campaign.learn_of(device, hint, &hearing, &relay.meters),
                Behind::Nobody | Behind::All => campaign.learn_all(&hearing, &relay.meters),
            }
            campaign.wake(hint, &relay.meters);
        }),
        Err(error) => {
            // Who may hear of it is not known, so nobody does; all are told to sync once it is.
            tracing::debug!(%error, "a hint could not be passed on");
            listeners.with(hint, Campaign::lose);
        }
    }
}
