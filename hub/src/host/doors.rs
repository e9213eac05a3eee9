//! The sockets of an open hub: a TCP listener and a UDP socket at each of the device's addresses, all on one port. They follow the device as its
//! addresses change.

use crate::rtc::LinkSocket;
use porchlight_relay::{Relay, listen};
use rustls::ServerConfig;
use std::io;
use std::net::{IpAddr, SocketAddr, TcpListener, UdpSocket};
use std::sync::Arc;
use tokio::runtime::Handle;
use tokio::sync::watch;

/// The open sockets. Dropping this closes them.
pub(super) struct Doors {
    runtime: Handle,
    relay: Relay,
    tls: Arc<ServerConfig>,
    /// The preferred port.
    asked: u16,
    /// The port in use, set when the first socket is bound.
    port: Option<u16>,
    /// In the order of the addresses, best first.
    open: Vec<Door>,
    places: watch::Sender<Vec<LinkSocket>>,
}

struct Door {
    at: SocketAddr,
    place: LinkSocket,
    /// Dropping it ends the listener.
    _stop: watch::Sender<()>,
}

impl Doors {
    /// Starts with no sockets; `asked` is the preferred port.
    pub(super) fn new(runtime: Handle, relay: Relay, tls: Arc<ServerConfig>, asked: u16) -> Self {
        Self { runtime, relay, tls, asked, port: None, open: Vec::new(), places: watch::Sender::new(Vec::new()) }
    }

    /// The UDP sockets at which pages connect, updated as they change.
    pub(super) fn places(&self) -> watch::Receiver<Vec<LinkSocket>> {
        self.places.subscribe()
    }

    /// The socket addresses that are bound.
    pub(super) fn at(&self) -> Vec<SocketAddr> {
        self.open.iter().map(|door| door.at).collect()
    }

    /// The IP addresses that are bound.
    pub(super) fn addresses(&self) -> Vec<IpAddr> {
        self.open.iter().map(|door| door.at.ip()).collect()
    }

    /// Closes the sockets at other addresses than these and binds those that are missing; returns whether anything changed.
    ///
    /// # Errors
    /// The cause of a failed bind, when no socket is open at all.
    pub(super) fn fit(&mut self, addresses: &[IpAddr]) -> io::Result<bool> {
        let before = self.at();
        self.open.retain(|door| addresses.contains(&door.at.ip()));
        let mut failed = None;
        for address in addresses {
            if self.addresses().contains(address) {
                continue;
            }
            match self.open_at(*address) {
                Ok(door) => self.open.push(door),
                // An address that was just assigned may take a moment to become usable.
                Err(error) if error.kind() == io::ErrorKind::AddrNotAvailable => {}
                Err(error) => {
                    tracing::debug!(%address, %error, "no door here");
                    failed = Some(error);
                }
            }
        }
        self.open.sort_by_key(|door| addresses.iter().position(|address| *address == door.at.ip()));
        let has_changed = before != self.at();
        if has_changed {
            self.places.send_replace(self.open.iter().map(|door| door.place.clone()).collect());
        }
        match failed {
            Some(error) if self.open.is_empty() && !has_changed => Err(error),
            _ => Ok(has_changed),
        }
    }

    fn open_at(&mut self, address: IpAddr) -> io::Result<Door> {
        let (listener, socket) = match bind((address, self.port.unwrap_or(self.asked)).into()) {
            // Any port will do for the first socket; all later ones use the same port, also after the device has moved.
            Err(error) if error.kind() == io::ErrorKind::AddrInUse && self.port.is_none() && self.asked != 0 => {
                bind((address, 0).into())?
            }
            other => other?,
        };
        let at = listener.local_addr()?;
        // A Tokio socket must be created inside the runtime that polls it.
        let _inside = self.runtime.enter();
        socket.set_nonblocking(true)?;
        let place = LinkSocket::new(tokio::net::UdpSocket::from_std(socket)?)?;
        let (stop, mut stopped) = watch::channel(());
        let (relay, tls) = (self.relay.clone(), self.tls.clone());
        self.runtime.spawn(async move {
            let until = async move { while stopped.changed().await.is_ok() {} };
            if let Err(error) = listen(&relay, listener, Some(tls), until).await {
                tracing::error!(%error, "the hub's listener ended");
            }
        });
        self.port = Some(at.port());
        Ok(Door { at, place, _stop: stop })
    }
}

/// Binds TCP and UDP on the same port.
fn bind(at: SocketAddr) -> io::Result<(TcpListener, UdpSocket)> {
    let listener = TcpListener::bind(at)?;
    let socket = UdpSocket::bind(listener.local_addr()?)?;
    Ok((listener, socket))
}
