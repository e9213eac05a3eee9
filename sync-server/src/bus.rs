//! Hints between the nodes of one store, over NATS, with one subject per campaign. A node that loses the bus continues; when it is back, its
//! listeners are told to sync, because only that shows what they missed.

use crate::listeners::HintOrGap;
use crate::meters::Meters;
use crate::relay::Relay;
use crate::store::{Hint, Whose};
use async_nats::{Client, ConnectOptions, Event, Message, ServerAddr};
use futures_util::StreamExt;
use porchlight_model::id::{CampaignId, DeviceId, DocId};
use serde::{Deserialize, Serialize};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::mpsc;

/// The subject prefix of hints, followed by the campaign's id.
const HINTS: &str = "porchlight.hints";

/// The subject on which a node reports that it lost hints.
const GAP: &str = "porchlight.gap";

/// All subjects of ours.
const ALL: &str = "porchlight.>";

/// How many hints may wait for the bus; more are dropped.
const MAX_WAITING: usize = 4096;

/// The longest message that can be a hint.
const MAX_MESSAGE_BYTES: usize = 1024;

/// How often a quiet connection is probed.
const PING_EVERY: Duration = Duration::from_secs(10);

/// The longest wait between two attempts to connect.
const MAX_RETRY_WAIT: Duration = Duration::from_secs(2);

/// The servers of a bus.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BusUrl(Vec<ServerAddr>);

/// The error for an invalid bus address.
#[derive(Debug, thiserror::Error)]
#[error("the address of a bus begins with nats:// or tls://")]
pub struct BadBusUrl;

impl BusUrl {
    /// Reads `nats://host:port`, several with commas between.
    ///
    /// # Errors
    /// [`BadBusUrl`] for anything else.
    pub fn parse(text: &str) -> Result<Self, BadBusUrl> {
        let servers = text.split(',').map(|server| match server.trim() {
            server if server.starts_with("nats://") || server.starts_with("tls://") => {
                server.parse().map_err(|_| BadBusUrl)
            }
            _ => Err(BadBusUrl),
        });
        Ok(Self(servers.collect::<Result<_, _>>()?))
    }
}

/// A hint on the wire. Nodes of an older version send neither `since` nor `whose`, which means everyone's grants.
#[derive(Serialize, Deserialize)]
struct WireHint {
    campaign: CampaignId,
    grants: u64,
    #[serde(default)]
    since: u64,
    by: DeviceId,
    doc: Option<(DocId, u64)>,
    #[serde(default)]
    whose: Option<Vec<DeviceId>>,
}

impl From<Hint> for WireHint {
    fn from(hint: Hint) -> Self {
        let Hint { campaign, grants, since, by, doc, whose } = hint;
        let whose = match whose {
            Whose::Nobody => Some(Vec::new()),
            Whose::Device(device) => Some(vec![device]),
            Whose::All => None,
        };
        Self { campaign, grants, since, by, doc, whose }
    }
}

impl From<WireHint> for Hint {
    fn from(hint: WireHint) -> Self {
        let WireHint { campaign, grants, since, by, doc, whose } = hint;
        let whose = match whose.as_deref() {
            Some([]) => Whose::Nobody,
            Some([device]) => Whose::Device(*device),
            Some(_) | None => Whose::All,
        };
        Self { campaign, grants, since, by, doc, whose }
    }
}

/// The queue of this node's hints for others.
pub(crate) struct Outbox {
    url: BusUrl,
    hints: mpsc::Sender<Hint>,
    waiting: Mutex<Option<mpsc::Receiver<Hint>>>,
    has_dropped: AtomicBool,
}

impl Outbox {
    pub(crate) fn new(url: BusUrl) -> Self {
        let (hints, waiting) = mpsc::channel(MAX_WAITING);
        Self { url, hints, waiting: Mutex::new(Some(waiting)), has_dropped: AtomicBool::new(false) }
    }

    /// Queues a hint for other nodes, or drops it if the queue is full, because nobody waits for the bus.
    pub(crate) fn tell(&self, hint: Hint, meters: &Meters) {
        if self.hints.try_send(hint).is_err() {
            meters.bus_dropped.inc();
            self.has_dropped.store(true, Ordering::SeqCst);
        }
    }
}

/// Exchanges hints with other nodes until the relay stops; ends at once without a bus.
pub(crate) async fn run(relay: Relay) {
    let Some(outbox) = &relay.bus else { return };
    let waiting = outbox.waiting.lock().unwrap_or_else(PoisonError::into_inner).take();
    let Some(mut waiting) = waiting else { return };
    let (client, mut messages) = match connect(&relay, &outbox.url).await {
        Ok(connected) => connected,
        Err(error) => return tracing::error!(error = &*error, "the bus cannot be used; this node goes on alone"),
    };
    let mut is_stopping = relay.is_stopping.subscribe();
    loop {
        let next = tokio::select! {
            _ = is_stopping.wait_for(|is_stopping| *is_stopping) => None,
            hint = waiting.recv() => hint.map(Next::Tell),
            message = messages.next() => message.map(Next::Hear),
        };
        match next {
            Some(Next::Tell(hint)) => publish(&client, outbox, hint).await,
            Some(Next::Hear(message)) => hear(&relay, &message),
            None => break,
        }
    }
    // Flush the last hints.
    if tokio::time::timeout(PING_EVERY, client.flush()).await.is_err() {
        tracing::debug!("the bus did not take the last hints");
    }
}

/// What comes next at this node.
enum Next {
    Tell(Hint),
    Hear(Message),
}

type Broken = Box<dyn std::error::Error + Send + Sync>;

async fn connect(relay: &Relay, url: &BusUrl) -> Result<(Client, async_nats::Subscriber), Broken> {
    let listening = relay.clone();
    let options = ConnectOptions::new()
        .name("porchlight-relay")
        .no_echo()
        .retry_on_initial_connect()
        .max_reconnects(None)
        .ping_interval(PING_EVERY)
        .reconnect_delay_callback(|n_tries| {
            Duration::from_millis(100).saturating_mul(u32::try_from(n_tries).unwrap_or(u32::MAX)).min(MAX_RETRY_WAIT)
        })
        .event_callback(move |event| {
            note(&listening, &event);
            std::future::ready(())
        });
    let client = options.connect(url.0.as_slice()).await?;
    let messages = client.subscribe(ALL).await?;
    Ok((client, messages))
}

/// Records that the bus was lost or is back.
fn note(relay: &Relay, event: &Event) {
    match event {
        Event::Connected => {
            relay.meters.bus_connected.set(1);
            tracing::info!("the bus is there");
            relay.listeners.tell(HintOrGap::Gap);
        }
        Event::Disconnected => {
            relay.meters.bus_connected.set(0);
            tracing::warn!("the bus is gone; this node goes on alone and tries again");
        }
        Event::SlowConsumer(_) => relay.listeners.tell(HintOrGap::Gap),
        Event::LameDuckMode | Event::Draining | Event::Closed | Event::ServerError(_) | Event::ClientError(_) => {
            tracing::debug!(%event, "the bus");
        }
    }
}

async fn publish(client: &Client, outbox: &Outbox, hint: Hint) {
    let (subject, mut bytes) = (format!("{HINTS}.{}", hint.campaign), Vec::new());
    // Writing to memory does not fail.
    let _ = ciborium::into_writer(&WireHint::from(hint), &mut bytes);
    if let Err(error) = client.publish(subject, bytes.into()).await {
        tracing::debug!(%error, "a hint did not reach the bus");
        outbox.has_dropped.store(true, Ordering::SeqCst);
    } else if outbox.has_dropped.swap(false, Ordering::SeqCst) {
        let _ = client.publish(GAP, "".into()).await;
    }
}

/// Passes a hint of another node to this node's listeners.
fn hear(relay: &Relay, message: &Message) {
    if message.subject.as_str() == GAP {
        relay.listeners.tell(HintOrGap::Gap);
        return;
    }
    let hint = if message.payload.len() <= MAX_MESSAGE_BYTES {
        ciborium::from_reader::<WireHint, _>(&*message.payload).ok()
    } else {
        None
    };
    match hint {
        Some(hint) => relay.listeners.tell(HintOrGap::Hint(hint.into())),
        None => tracing::warn!("the bus carries something that is no hint; is it shared with another program?"),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn ids() -> (CampaignId, DeviceId, DocId) {
        (CampaignId::from_bytes([1; 16]), DeviceId::from_bytes([2; 16]), DocId::from_bytes([3; 16]))
    }

    #[test]
    fn a_hint_arrives_as_it_was_told() {
        let (campaign, by, doc) = ids();
        for whose in [Whose::Nobody, Whose::Device(by), Whose::All] {
            let hint = Hint { campaign, grants: 7, since: 6, by, doc: Some((doc, 9)), whose };
            let mut bytes = Vec::new();
            ciborium::into_writer(&WireHint::from(hint), &mut bytes).unwrap();
            assert!(bytes.len() <= MAX_MESSAGE_BYTES);
            assert_eq!(Hint::from(ciborium::from_reader::<WireHint, _>(&*bytes).unwrap()), hint);
        }
    }

    #[test]
    fn a_hint_of_an_older_node_means_everyones_grants() {
        #[derive(Serialize)]
        struct Older {
            campaign: CampaignId,
            grants: u64,
            by: DeviceId,
            doc: Option<(DocId, u64)>,
        }
        let (campaign, by, _) = ids();
        let mut bytes = Vec::new();
        ciborium::into_writer(&Older { campaign, grants: 7, by, doc: None }, &mut bytes).unwrap();
        let hint = Hint::from(ciborium::from_reader::<WireHint, _>(&*bytes).unwrap());
        assert_eq!(hint, Hint { campaign, grants: 7, since: 0, by, doc: None, whose: Whose::All });
    }
}
