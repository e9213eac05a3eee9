//! Opens a captain's device on the local network, and closes it again.

use crate::certificate::Certificate;
use crate::guests::GuestBook;
use crate::rtc;
use crate::store::HubStore;
use porchlight_engine::hub::host::{Host, Listening};
use porchlight_engine::hub::open::{KeptCertificate, certificate};
use porchlight_engine::{EngineError, EngineHandle};
use porchlight_model::calls::hub::HubGuest;
use porchlight_model::hub::MAX_HUB_ADDRESSES;
use porchlight_model::id::Sha256;
use porchlight_model::message::Message;
use porchlight_model::time::At;
use porchlight_relay::{Clock, Config, Relay, WallClock, serve_under, under};
use rustls::pki_types::{CertificateDer, PrivatePkcs8KeyDer};
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener, UdpSocket};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::runtime::Handle;
use tokio::sync::watch;

/// The port that a hub takes where it is free: the same for everyone, so that an office's firewall can be told once.
pub const PORT: u16 = 8788;

/// The wall's clock, put right by what the relay told.
struct RightClock {
    skew_ms: i64,
}

impl Clock for RightClock {
    fn now(&self) -> At {
        WallClock.now().plus_ms(self.skew_ms)
    }
}

/// The interface of a relay over an engine's documents.
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

/// This device's certificate, made at the first use.
///
/// # Errors
/// When it cannot be made or kept.
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
    /// Where it may be found; all addresses of this device on local networks where nothing is said.
    addresses: Option<Vec<Ipv4Addr>>,
    port: u16,
    open: Mutex<Option<Open>>,
    book: Arc<GuestBook>,
}

struct Open {
    listening: Listening,
    stop: watch::Sender<bool>,
}

impl LocalHost {
    /// A host whose work is done by `runtime`.
    #[must_use]
    pub fn new(runtime: Handle) -> Self {
        Self { runtime, addresses: None, port: PORT, open: Mutex::default(), book: Arc::default() }
    }

    /// A host at these addresses alone.
    #[must_use]
    pub fn at(mut self, addresses: Vec<Ipv4Addr>, port: u16) -> Self {
        (self.addresses, self.port) = (Some(addresses), port);
        self
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Option<Open>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn addresses(&self) -> Result<Vec<Ipv4Addr>, EngineError> {
        if let Some(addresses) = &self.addresses {
            return Ok(addresses.clone());
        }
        let all = if_addrs::get_if_addrs().map_err(|error| no_network(&error))?;
        let is_local = |address: &Ipv4Addr| address.is_private() || address.is_link_local();
        let mut local: Vec<_> = all
            .iter()
            .filter_map(|interface| match interface.ip() {
                IpAddr::V4(address) => Some(address),
                IpAddr::V6(_) => None,
            })
            .filter(is_local)
            .collect();
        // An address that a network gave comes before one that the device took for want of any.
        local.sort_by_key(|address| (address.is_link_local(), *address));
        local.truncate(MAX_HUB_ADDRESSES);
        if local.is_empty() { Err(no_network(&"no address on a local network")) } else { Ok(local) }
    }
}

fn no_network(detail: &dyn std::fmt::Display) -> EngineError {
    EngineError::bad_input(Message::new("hub-no-network").with("detail", detail))
}

/// The same port, for TCP and UDP, at all addresses: the usual one, or another that is free.
fn bind(addresses: &[Ipv4Addr], port: u16) -> std::io::Result<(Vec<TcpListener>, Vec<UdpSocket>)> {
    let first = addresses.first().copied().unwrap_or(Ipv4Addr::LOCALHOST);
    let listener = match TcpListener::bind((first, port)) {
        Err(error) if port != 0 && error.kind() == std::io::ErrorKind::AddrInUse => TcpListener::bind((first, 0))?,
        other => other?,
    };
    let port = listener.local_addr()?.port();
    let mut listeners = vec![listener];
    for address in addresses.iter().skip(1) {
        listeners.push(TcpListener::bind((*address, port))?);
    }
    let sockets = addresses.iter().map(|address| UdpSocket::bind((*address, port)));
    Ok((listeners, sockets.collect::<Result<_, _>>()?))
}

impl Host for LocalHost {
    fn open(&self, handle: &EngineHandle) -> Result<(), EngineError> {
        let mut open = self.lock();
        if open.is_some() {
            return Ok(());
        }
        let (certificate, epoch) = own_certificate(handle)?;
        let addresses = self.addresses()?;
        let (listeners, sockets) = bind(&addresses, self.port).map_err(|error| no_network(&error))?;
        let broken = |error: &dyn std::fmt::Display| EngineError::Corrupt { what: error.to_string() };
        let chain = vec![CertificateDer::from(certificate.der.clone())];
        let key = PrivatePkcs8KeyDer::from(certificate.key_pkcs8_der.clone());
        let tls = under(chain, key.into()).map_err(|error| broken(&error))?;
        let fingerprint = Sha256(certificate.fingerprint());
        self.book.clear();
        let skew_ms = handle.with(|engine| engine.skew_ms());
        let relay = relay_over(handle, fingerprint, epoch, self.book.clone(), Arc::new(RightClock { skew_ms }));
        let stop = watch::Sender::new(false);
        let places = listeners.iter().map(TcpListener::local_addr).collect::<Result<Vec<SocketAddr>, _>>();
        let addresses = places.map_err(|error| no_network(&error))?;
        for listener in listeners {
            let (relay, tls, mut stopped) = (relay.clone(), tls.clone(), stop.subscribe());
            self.runtime.spawn(async move {
                let until = async move { drop(stopped.wait_for(|is_stopped| *is_stopped).await) };
                if let Err(error) = serve_under(relay, listener, Some(tls), until).await {
                    tracing::error!(%error, "the hub's listener ended");
                }
            });
        }
        let sockets = {
            // A socket belongs to the runtime that waits for it.
            let _inside = self.runtime.enter();
            let nonblocking = |socket: UdpSocket| {
                socket.set_nonblocking(true)?;
                tokio::net::UdpSocket::from_std(socket)
            };
            sockets.into_iter().map(nonblocking).collect::<Result<Vec<_>, _>>().map_err(|error| no_network(&error))?
        };
        let (router, stopped) = (porchlight_relay::http::router(&relay), stop.subscribe());
        self.runtime.spawn(async move {
            if let Err(error) = rtc::serve(sockets, &certificate, router, stopped).await {
                tracing::error!(%error, "the hub's way for browsers ended");
            }
        });
        *open = Some(Open { listening: Listening { addresses, fingerprint }, stop });
        Ok(())
    }

    fn close(&self) {
        if let Some(open) = self.lock().take() {
            open.stop.send_replace(true);
        }
    }

    fn listening(&self) -> Option<Listening> {
        self.lock().as_ref().map(|open| open.listening.clone())
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
