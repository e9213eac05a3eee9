//! Opens a captain's device to phones on the local network, follows it to other networks, and closes it again.

mod codes;
mod doors;
#[cfg(test)]
mod tests;

use crate::certificate::Certificate;
use crate::guests::GuestBook;
use crate::network::{Network, SystemNetwork};
use crate::rtc;
use crate::store::HubStore;
use codes::Codes;
use doors::Doors;
use porchlight_engine::hub::host::{Host, Listening};
use porchlight_engine::hub::open::{KeptCertificate, certificate};
use porchlight_engine::{EngineError, EngineHandle};
use porchlight_model::calls::Topic;
use porchlight_model::calls::hub::HubGuest;
use porchlight_model::id::Sha256;
use porchlight_model::message::Message;
use porchlight_model::time::At;
use porchlight_relay::{Clock, Config, Relay, WallClock, under, work};
use rustls::pki_types::{CertificateDer, PrivatePkcs8KeyDer};
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::runtime::Handle;
use tokio::sync::watch;

/// The default port of a hub. It is the same everywhere, so that a firewall needs only one rule; another is used when it is taken.
pub const PORT: u16 = 8788;

/// The system clock, corrected by the skew that the relay reported.
struct RightClock {
    skew_ms: i64,
}

impl Clock for RightClock {
    fn now(&self) -> At {
        WallClock.now().plus_ms(self.skew_ms)
    }
}

/// Builds the relay's HTTP interface over an engine's documents.
#[must_use]
pub fn relay_over(
    handle: &EngineHandle,
    fingerprint: Sha256,
    epoch: u64,
    book: Arc<GuestBook>,
    clock: Arc<dyn Clock>,
) -> Relay {
    let seed = handle.with(|engine| engine.random::<32>());
    let store = HubStore::new(handle.clone(), fingerprint, epoch, book);
    Relay::over_store(&Config::new("", clock, seed), Box::new(store))
}

/// This device's certificate, generated at first use.
///
/// # Errors
/// When it cannot be generated or stored.
pub fn own_certificate(handle: &EngineHandle) -> Result<(Certificate, u64), EngineError> {
    let make = || {
        let made = Certificate::generate().map_err(|error| EngineError::Corrupt { what: error.to_string() })?;
        Ok((made.der, made.key_pkcs8_der))
    };
    let KeptCertificate { certificate, key, epoch } = handle.with(|engine| certificate(engine, make))?;
    let bytes = |text: String| hex::decode(text).map_err(|error| EngineError::Corrupt { what: error.to_string() });
    Ok((Certificate { der: bytes(certificate)?, key_pkcs8_der: bytes(key)? }, epoch))
}

/// Opens this device to phones.
pub struct LocalHost {
    runtime: Handle,
    network: Arc<dyn Network>,
    port: u16,
    open: Arc<Mutex<Option<Open>>>,
    book: Arc<GuestBook>,
}

struct Open {
    fingerprint: Sha256,
    doors: Doors,
    codes: Codes,
    clock: Arc<dyn Clock>,
    /// Dropping it ends all tasks of the hub.
    stop: watch::Sender<bool>,
}

impl Open {
    /// Rebinds to the device's current addresses; returns whether anything changed.
    fn look(&mut self, network: &dyn Network) -> io::Result<bool> {
        let addresses = network.addresses(&self.doors.addresses())?;
        let has_moved = self.doors.fit(&addresses)?;
        if has_moved {
            self.codes.told(self.doors.addresses(), self.clock.now());
        }
        Ok(has_moved)
    }
}

impl LocalHost {
    /// A host whose tasks run on `runtime`.
    #[must_use]
    pub fn new(runtime: Handle) -> Self {
        Self { runtime, network: Arc::new(SystemNetwork), port: PORT, open: Arc::default(), book: Arc::default() }
    }

    /// A host on the given network, which prefers the given port.
    #[must_use]
    pub fn on(mut self, network: Arc<dyn Network>, port: u16) -> Self {
        (self.network, self.port) = (network, port);
        self
    }

    fn lock(&self) -> MutexGuard<'_, Option<Open>> {
        lock(&self.open)
    }
}

fn lock(open: &Mutex<Option<Open>>) -> MutexGuard<'_, Option<Open>> {
    open.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Rebinds whenever the device's addresses change, until the hub closes.
async fn follow(
    open: Arc<Mutex<Option<Open>>>,
    network: Arc<dyn Network>,
    mut stop: watch::Receiver<bool>,
    on_change: impl Fn() + Send,
) {
    loop {
        tokio::select! {
            _ = stop.wait_for(|is_stopping| *is_stopping) => return,
            () = network.may_have_changed() => {}
        }
        let looked = lock(&open).as_mut().map_or(Ok(false), |open| open.look(&*network));
        match looked {
            Ok(false) => {}
            Ok(true) => on_change(),
            Err(error) => tracing::debug!(%error, "the hub cannot be where its device is"),
        }
    }
}

fn no_network(error: io::Error) -> EngineError {
    EngineError::bad_input(Message::new("hub-no-network").with("detail", error))
}

impl Host for LocalHost {
    fn open(&self, handle: &EngineHandle) -> Result<(), EngineError> {
        let mut open = self.lock();
        if open.is_some() {
            return Ok(());
        }
        let (certificate, epoch) = own_certificate(handle)?;
        let chain = vec![CertificateDer::from(certificate.der.clone())];
        let key = PrivatePkcs8KeyDer::from(certificate.key_pkcs8_der.clone());
        let tls = under(chain, key.into()).map_err(|error| EngineError::Corrupt { what: error.to_string() })?;
        let fingerprint = Sha256(certificate.fingerprint());
        self.book.clear();
        let clock = Arc::new(RightClock { skew_ms: handle.with(|engine| engine.skew_ms()) });
        let relay = relay_over(handle, fingerprint, epoch, self.book.clone(), clock.clone());
        let doors = Doors::new(self.runtime.clone(), relay.clone(), tls, self.port);
        let (places, stop) = (doors.places(), watch::Sender::new(false));
        let mut opened = Open { fingerprint, doors, codes: Codes::default(), clock, stop };
        opened.look(&*self.network).map_err(no_network)?;
        let stopping = || opened.stop.subscribe();
        let (router, mut stopped) = (porchlight_relay::http::router(&relay), stopping());
        self.runtime.spawn(work(relay, async move { drop(stopped.wait_for(|is_stopped| *is_stopped).await) }));
        let stopped = stopping();
        self.runtime.spawn(async move {
            if let Err(error) = rtc::serve(places, &certificate, router, stopped).await {
                tracing::error!(%error, "the hub's way for browsers ended");
            }
        });
        let moved = handle.clone();
        let on_change = move || moved.tell_changed(Topic::Sync);
        self.runtime.spawn(follow(self.open.clone(), self.network.clone(), stopping(), on_change));
        *open = Some(opened);
        Ok(())
    }

    fn close(&self) {
        if let Some(open) = self.lock().take() {
            open.stop.send_replace(true);
        }
    }

    fn listening(&self) -> Option<Listening> {
        self.lock().as_ref().map(|open| Listening {
            addresses: open.doors.at(),
            fingerprint: open.fingerprint,
            moved: open.codes.moved,
        })
    }

    fn guests(&self) -> Vec<HubGuest> {
        self.book.guests()
    }
}

impl Drop for LocalHost {
    fn drop(&mut self) {
        self.close();
    }
}
