//! The sockets of an open hub: a listener and a UDP socket at each address, all at one port, which follow the device's addresses.

use crate::rtc::Place;
use porchlight_relay::{Relay, listen};
use rustls::ServerConfig;
use std::io;
use std::net::{IpAddr, SocketAddr, TcpListener, UdpSocket};
use std::sync::Arc;
use tokio::runtime::Handle;
use tokio::sync::watch;

/// Doors at some addresses; dropped, they close.
pub(super) struct Doors {
    runtime: Handle,
    relay: Relay,
    tls: Arc<ServerConfig>,
    /// The port to take where it is free.
    asked: u16,
    /// The port that they have since the first was opened.
    port: Option<u16>,
    /// The best address first.
    open: Vec<Door>,
    places: watch::Sender<Vec<Place>>,
}

struct Door {
    at: SocketAddr,
    place: Place,
    /// Gone, the listener ends.
    _stop: watch::Sender<()>,
}

impl Doors {
    /// No door yet; they will be at port `asked` where it is free.
    pub(super) fn new(runtime: Handle, relay: Relay, tls: Arc<ServerConfig>, asked: u16) -> Self {
        Self { runtime, relay, tls, asked, port: None, open: Vec::new(), places: watch::Sender::new(Vec::new()) }
    }

    /// Where pages knock, as the doors are.
    pub(super) fn places(&self) -> watch::Receiver<Vec<Place>> {
        self.places.subscribe()
    }

    /// Where they are.
    pub(super) fn at(&self) -> Vec<SocketAddr> {
        self.open.iter().map(|door| door.at).collect()
    }

    /// The addresses at which they are.
    pub(super) fn addresses(&self) -> Vec<IpAddr> {
        self.open.iter().map(|door| door.at.ip()).collect()
    }

    /// Closes doors at other addresses than these and opens those that are missing; says whether anything changed.
    ///
    /// # Errors
    /// Why one of them cannot be opened, where none is open.
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
                // An address that was just given may take a moment until it can be used.
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
            // Any port will do for the first door; the others are at the same, today and when the device has moved.
            Err(error) if error.kind() == io::ErrorKind::AddrInUse && self.port.is_none() && self.asked != 0 => {
                bind((address, 0).into())?
            }
            other => other?,
        };
        let at = listener.local_addr()?;
        // A socket belongs to the runtime that waits for it.
        let _inside = self.runtime.enter();
        socket.set_nonblocking(true)?;
        let place = Place::new(tokio::net::UdpSocket::from_std(socket)?)?;
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

/// The same port for TCP and UDP.
fn bind(at: SocketAddr) -> io::Result<(TcpListener, UdpSocket)> {
    let listener = TcpListener::bind(at)?;
    let socket = UdpSocket::bind(listener.local_addr()?)?;
    Ok((listener, socket))
}
