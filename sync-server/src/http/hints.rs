//! `GET /v1/hints`: notifies a device as its documents change; a lost hint causes a delay, never a loss of data.

use super::caller::Known;
use super::refuse::{Limit, Refused};
use crate::at_once::Turn;
use crate::limits::KEEP_ALIVE;
use crate::listeners::{Inbox, StreamEvent, StreamId};
use crate::relay::Relay;
use crate::store::Caller;
use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures_util::Stream;
use futures_util::stream::unfold;
use porchlight_model::id::DeviceId;
use porchlight_model::relay::RefusalCode;
use std::convert::Infallible;
use std::sync::Arc;
use tokio::sync::watch;

/// Opens a stream of hints.
pub(super) async fn hints(
    State(relay): State<Relay>,
    Known(caller, _turn): Known,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, Refused> {
    let listener = Listener::open(&relay, caller)?;
    // What changes from here on is known to the listeners, so nothing is missed between what is read and the first hint.
    let hearing = relay.hearing(caller.campaign, Some(caller.device)).await?;
    if !relay.listeners.begin(caller.campaign, listener.stream, &hearing) {
        return Err(Refused::new(RefusalCode::Revoked, "the device was revoked"));
    }
    let events = unfold(listener, |mut listener| async move {
        let event = listener.next().await?;
        Some((Ok(event), listener))
    });
    Ok(Sse::new(events).keep_alive(KeepAlive::new().interval(KEEP_ALIVE)))
}

/// One open stream, closed when dropped.
struct Listener {
    relay: Relay,
    caller: Caller,
    stream: StreamId,
    inbox: Arc<Inbox>,
    is_stopping: watch::Receiver<bool>,
    _turn: Turn<DeviceId>,
}

impl Listener {
    /// Takes one of the device's stream slots.
    fn open(relay: &Relay, caller: Caller) -> Result<Self, Refused> {
        let turn = relay.streams.take(caller.device).ok_or_else(|| Refused::slow_down(Limit::DeviceStreams, 30))?;
        relay.meters.streams.inc();
        let (stream, inbox) = relay.listeners.open(caller.campaign, caller.device);
        let is_stopping = relay.is_stopping.subscribe();
        Ok(Self { relay: relay.clone(), caller, stream, inbox, is_stopping, _turn: turn })
    }

    /// The next event that concerns this device; `None` ends the stream.
    async fn next(&mut self) -> Option<Event> {
        let event = tokio::select! {
            _ = self.is_stopping.wait_for(|is_stopping| *is_stopping) => return None,
            event = self.inbox.next() => event,
        };
        if self.relay.now() >= self.caller.lease_until {
            return None;
        }
        match event {
            StreamEvent::Changed(doc, last) => {
                Some(Event::default().event("changed").data(format!(r#"{{"doc":"{doc}","last":{last}}}"#)))
            }
            StreamEvent::Sync => Some(Event::default().event("sync").data("{}")),
            StreamEvent::Over => None,
        }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.relay.listeners.close(self.caller.campaign, self.stream);
        self.relay.meters.streams.dec();
    }
}
