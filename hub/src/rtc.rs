//! Serves the hub over WebRTC data channels, for pages that browsers do not let fetch from local addresses.
//!
//! ```text
//! page                                   hub
//!  reads the QR: addresses, fingerprint
//!  writes the hub's answer itself
//!  STUN "hub's name:page's name" ------> password valid? opens a link of that name
//!  DTLS <------------------------------> the page compares the fingerprint
//!  data channel "porchlight" <---------> requests and answers (`frames`)
//! ```
//! The hub is ICE-lite (RFC 8445, 2.5): it only answers. It does not look at the page's certificate; who a device is, its
//! token says inside the requests.

mod crypto;
mod frames;
mod knock;
mod link;
pub mod probe;
#[cfg(test)]
pub(crate) mod tests;

use crate::certificate::Certificate;
use axum::Router;
pub use frames::{
    MAX_ANSWER_BYTES, MAX_FRAME_BYTES, MAX_HEAD_BYTES, MAX_HELD_BYTES, MAX_REQUEST_BYTES, MAX_REQUESTS_AT_ONCE,
};
pub use link::{ANSWER_WITHIN, MAX_HALF_OPEN, MAX_IDLE, MAX_SILENCE};
use link::{Datagram, Hub, Link};
use std::collections::{HashMap, VecDeque};
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::task::Poll;
use str0m::config::DtlsCert;
use tokio::io::ReadBuf;
use tokio::net::UdpSocket;
use tokio::sync::{Semaphore, mpsc, watch};
use tokio::task::JoinSet;

/// The maximum number of links at once.
pub const MAX_LINKS: usize = 64;

/// The maximum number of links from one IP address.
pub const MAX_LINKS_PER_ADDRESS: usize = 8;

/// From how many socket addresses one client's datagrams are accepted: a phone has several networks, each with a few ports.
const MAX_ADDRESSES_PER_LINK: usize = 16;

/// The length of a link's queue of datagrams; when it is full, further datagrams are dropped, as on any network.
const MAX_DATAGRAMS_WAITING: usize = 512;

/// The size of the receive buffer; longer datagrams are truncated.
const MAX_DATAGRAM_BYTES: usize = 2048;

/// How many names of ended links are remembered, so that none of them opens a link again.
const MAX_ENDED: usize = 1024;

/// After this many consecutive socket errors, serving fails.
const MAX_FAULTS_IN_A_ROW: usize = 100;

/// A UDP socket for incoming links. It is bound to one address of this machine, because ICE must tell the page which one.
#[derive(Debug, Clone)]
pub struct LinkSocket {
    at: SocketAddr,
    socket: Arc<UdpSocket>,
}

impl LinkSocket {
    /// Wraps a bound socket.
    ///
    /// # Errors
    /// When its address is unknown or unspecified.
    pub fn new(socket: UdpSocket) -> io::Result<Self> {
        let at = socket.local_addr()?;
        if at.ip().is_unspecified() {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "a socket is bound to no particular address"));
        }
        Ok(Self { at, socket: Arc::new(socket) })
    }
}

/// Serves `router` to all who connect at one of the sockets, until `stop` is true or a sender is dropped. Sockets come and go as the
/// machine's addresses do; links survive at those that stay, and all are closed before this returns.
///
/// # Errors
/// After too many consecutive socket errors.
pub async fn serve(
    places: watch::Receiver<Vec<LinkSocket>>,
    certificate: &Certificate,
    router: Router,
    stop: watch::Receiver<bool>,
) -> io::Result<()> {
    serve_within(MAX_HELD_BYTES, places, certificate, router, stop).await
}

/// As [`serve`], with a budget of `n_bytes` for requests and answers.
async fn serve_within(
    n_bytes: usize,
    mut places: watch::Receiver<Vec<LinkSocket>>,
    certificate: &Certificate,
    router: Router,
    mut stop: watch::Receiver<bool>,
) -> io::Result<()> {
    let hub = Arc::new(Hub {
        places: places.clone(),
        credentials: knock::credentials(certificate.fingerprint()),
        certificate: DtlsCert { certificate: certificate.der.clone(), private_key: certificate.key_pkcs8_der.clone() },
        crypto: Arc::new(crypto::provider()),
        router,
        room: Arc::new(Semaphore::new(n_bytes)),
    });
    let mut here = places.borrow_and_update().clone();
    let mut table = Table::default();
    let mut links = JoinSet::new();
    let mut buffer = vec![0; MAX_DATAGRAM_BYTES];
    let mut faults = Faults::default();
    let stopping = stop.clone();
    let served = loop {
        tokio::select! {
            _ = stop.wait_for(|is_stopping| *is_stopping) => break Ok(()),
            Some(ended) = links.join_next_with_id() => {
                table.forget(match ended {
                    Ok((id, ())) => id,
                    Err(error) => error.id(),
                });
            }
            changed = places.changed() => {
                if changed.is_err() {
                    break Ok(());
                }
                here.clone_from(&places.borrow_and_update());
                faults = Faults::default();
            }
            received = receive(&here, &mut buffer) => match faults.sift(received) {
                Ok(Some((datagram, from))) => {
                    let stop = stopping.clone();
                    table.hear(&hub, datagram, from, |link, datagrams| links.spawn(link.run(datagrams, stop)).id());
                }
                Ok(None) => {}
                Err(error) => break Err(error),
            },
        }
    };
    drop(table);
    while links.join_next().await.is_some() {}
    served
}

/// Counts consecutive socket errors.
#[derive(Default)]
struct Faults(usize);

impl Faults {
    /// Ignores an error, because some systems report here that an earlier datagram was not delivered; returns it when there were too many in a row.
    fn sift<T>(&mut self, received: io::Result<T>) -> io::Result<Option<T>> {
        match received {
            Ok(received) => {
                self.0 = 0;
                Ok(Some(received))
            }
            Err(error) => {
                self.0 += 1;
                if self.0 == MAX_FAULTS_IN_A_ROW { Err(error) } else { Ok(None) }
            }
        }
    }
}

/// Receives the next datagram from any socket.
async fn receive(places: &[LinkSocket], buffer: &mut [u8]) -> io::Result<(Datagram, SocketAddr)> {
    let mut buffer = ReadBuf::new(buffer);
    std::future::poll_fn(|context| {
        for LinkSocket { at, socket } in places {
            if let Poll::Ready(received) = socket.poll_recv_from(context, &mut buffer) {
                let datagram = |from| (Datagram { at: *at, from, bytes: buffer.filled().to_vec() }, from);
                return Poll::Ready(received.map(datagram));
            }
        }
        Poll::Pending
    })
    .await
}

/// Routes datagrams to links: by the client's name at first, later by the address that they came from.
#[derive(Default)]
struct Table {
    links: HashMap<String, Entry>,
    names: HashMap<SocketAddr, String>,
    ended: VecDeque<String>,
}

struct Entry {
    task: tokio::task::Id,
    ip: IpAddr,
    n_addresses: usize,
    datagrams: mpsc::Sender<Datagram>,
}

impl Table {
    /// Passes a datagram to its link, or opens a link for a new client.
    fn hear(
        &mut self,
        hub: &Arc<Hub>,
        datagram: Datagram,
        from: SocketAddr,
        begin: impl FnOnce(Link, mpsc::Receiver<Datagram>) -> tokio::task::Id,
    ) {
        let name = match datagram.bytes.first() {
            // Demultiplexes STUN and DTLS (RFC 7983, section 7).
            Some(0 | 1) => knock::client_of(&hub.credentials, &datagram.bytes),
            Some(20..=63) => self.names.get(&from).cloned(),
            _ => None,
        };
        let Some(name) = name else { return };
        if !self.links.contains_key(&name) {
            if !self.has_place_for(&name, from.ip()) {
                return tracing::debug!(%from, "no place for another link");
            }
            let (sender, datagrams) = mpsc::channel(MAX_DATAGRAMS_WAITING);
            let task = begin(Link::new(Arc::clone(hub), &name, from), datagrams);
            self.links.insert(name.clone(), Entry { task, ip: from.ip(), n_addresses: 0, datagrams: sender });
        }
        let Some(entry) = self.links.get_mut(&name) else { return };
        if self.names.get(&from) != Some(&name) {
            if entry.n_addresses == MAX_ADDRESSES_PER_LINK {
                return;
            }
            entry.n_addresses += 1;
            self.names.insert(from, name);
        }
        // A full queue drops it, as a network may.
        let _ = entry.datagrams.try_send(datagram);
    }

    /// Whether a client of this name may open a link from this address.
    fn has_place_for(&self, name: &String, ip: IpAddr) -> bool {
        let n_here = self.links.values().filter(|entry| entry.ip == ip).count();
        self.links.len() < MAX_LINKS && n_here < MAX_LINKS_PER_ADDRESS && !self.ended.contains(name)
    }

    /// Removes a link that has ended. Its page goes on sending for a while and notices from the silence that the link is gone.
    fn forget(&mut self, task: tokio::task::Id) {
        let Some(name) = self.links.iter().find_map(|(name, entry)| (entry.task == task).then(|| name.clone())) else {
            return;
        };
        self.links.remove(&name);
        self.names.retain(|_, one| *one != name);
        if self.ended.len() == MAX_ENDED {
            self.ended.pop_front();
        }
        self.ended.push_back(name);
    }
}
