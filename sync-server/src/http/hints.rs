//! `GET /v1/hints`: tells a device, as it happens, which of its documents changed; losing a hint costs a delay, never data.

use super::caller::Known;
use super::refuse::{Limit, Refused};
use crate::at_once::Turn;
use crate::bus::Heard;
use crate::grants;
use crate::limits::KEEP_ALIVE;
use crate::relay::Relay;
use crate::store::{Caller, Hint, StoreError};
use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures_util::Stream;
use futures_util::stream::unfold;
use porchlight_model::id::DeviceId;
use porchlight_model::relay::RefusalCode;
use porchlight_model::wire::GrantList;
use std::convert::Infallible;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::watch;

/// Opens a stream of hints.
pub(super) async fn hints(
    State(relay): State<Relay>,
    Known(caller, _turn): Known,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, Refused> {
    let place = Place::take(&relay, caller.device)?;
    let (hints, is_stopping) = (relay.hints.subscribe(), relay.is_stopping.subscribe());
    let grants = relay.store.grants(caller.device).await?;
    let listener = Listener { caller, grants, hints, is_stopping, place };
    let events = unfold(listener, |mut listener| async move {
        let event = listener.next().await?;
        Some((Ok(event), listener))
    });
    Ok(Sse::new(events).keep_alive(KeepAlive::new().interval(KEEP_ALIVE)))
}

/// One open stream.
struct Listener {
    caller: Caller,
    /// What the device may hear, as of the last look.
    grants: GrantList,
    hints: Receiver<Heard>,
    is_stopping: watch::Receiver<bool>,
    place: Place,
}

impl Listener {
    /// The next event that concerns this device; `None` ends the stream.
    async fn next(&mut self) -> Option<Event> {
        loop {
            let hint = tokio::select! {
                _ = self.is_stopping.wait_for(|is_stopping| *is_stopping) => return None,
                hint = self.hints.recv() => hint,
            };
            match hint {
                Ok(Heard::Hint(hint)) if hint.campaign == self.caller.campaign => {
                    if let Some(event) = self.hear(hint).await.ok()? {
                        return Some(event);
                    }
                }
                Ok(Heard::Hint(_)) => {}
                // Some hints were lost: only a sync tells what they were.
                Ok(Heard::Gap) | Err(RecvError::Lagged(_)) => return Some(sync_now()),
                Err(RecvError::Closed) => return None,
            }
        }
    }

    /// Turns a hint into an event where the device may hear it; grants are read again whenever any have changed.
    async fn hear(&mut self, hint: Hint) -> Result<Option<Event>, StoreError> {
        if self.place.relay.now() >= self.caller.lease_until {
            return Err(StoreError::Refused("the lease has run out", RefusalCode::LeaseEnded));
        }
        if hint.grants != self.grants.number {
            let grants = self.place.relay.store.grants(self.caller.device).await?;
            let is_other = grants.grants != self.grants.grants;
            self.grants = grants;
            if is_other {
                return Ok(Some(sync_now()));
            }
        }
        let Some((doc, last)) = hint.doc else { return Ok(None) };
        let granted = self.grants.grants.iter().find(|grant| grant.doc == doc).map(|grant| grant.access);
        let is_for_it = hint.by != self.caller.device && grants::hears(granted);
        let data = format!(r#"{{"doc":"{doc}","last":{last}}}"#);
        Ok(is_for_it.then(|| Event::default().event("changed").data(data)))
    }
}

/// Tells a device to sync because more has changed than one document: its grants, or hints were lost.
fn sync_now() -> Event {
    Event::default().event("sync").data("{}")
}

/// One of a device's places, given back when dropped.
struct Place {
    relay: Relay,
    _turn: Turn<DeviceId>,
}

impl Place {
    fn take(relay: &Relay, device: DeviceId) -> Result<Self, Refused> {
        let turn = relay.streams.take(device).ok_or_else(|| Refused::slow_down(Limit::DeviceStreams, 30))?;
        relay.meters.streams.inc();
        Ok(Self { relay: relay.clone(), _turn: turn })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.relay.meters.streams.dec();
    }
}
