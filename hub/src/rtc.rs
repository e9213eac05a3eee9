//! Serves the hub over WebRTC data channels, to pages that may not fetch an address of the local network.
//!
//! ```text
//! page                                   hub
//!  reads the QR: addresses, fingerprint
//!  writes the hub's answer itself
//!  STUN "hub's name:page's name" ------> knows its password? a link of that name
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

/// How many links there may be at once.
pub const MAX_LINKS: usize = 64;

/// How many of them one address may have.
pub const MAX_LINKS_PER_ADDRESS: usize = 8;

/// From how many addresses one client's datagrams are taken: a phone has several networks, and each a few ports.
const MAX_ADDRESSES_PER_LINK: usize = 16;

/// How many datagrams may wait for one link; more are dropped, as a network drops them.
const MAX_DATAGRAMS_WAITING: usize = 512;

/// The longest datagram that is read.
const MAX_DATAGRAM_BYTES: usize = 2048;

/// How many names of links that have ended are remembered: they may not come again.
const MAX_ENDED: usize = 1024;

/// After so many failures of the sockets in a row, serving has failed.
const MAX_FAULTS_IN_A_ROW: usize = 100;

/// A socket at which pages knock: bound to one address of this machine, as the page must be told it.
#[derive(Debug, Clone)]
pub struct Place {
    at: SocketAddr,
    socket: Arc<UdpSocket>,
}

impl Place {
    /// The place of a socket.
    ///
    /// # Errors
    /// When it is bound to no particular address.
    pub fn new(socket: UdpSocket) -> io::Result<Self> {
        let at = socket.local_addr()?;
        if at.ip().is_unspecified() {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "a socket is bound to no particular address"));
        }
        Ok(Self { at, socket: Arc::new(socket) })
    }
}

/// Serves `router` to all who knock at one of the places, until `stop` is true or a sender is gone. Places come and go as the
/// machine's addresses do; links live on at those that stay, and all are closed before this returns.
///
/// # Errors
/// When the sockets fail again and again.
pub async fn serve(
    places: watch::Receiver<Vec<Place>>,
    certificate: &Certificate,
    router: Router,
    stop: watch::Receiver<bool>,
) -> io::Result<()> {
    serve_within(MAX_HELD_BYTES, places, certificate, router, stop).await
}

/// As [`serve`], with room for so many bytes of requests and answers.
async fn serve_within(
    n_bytes: usize,
    mut places: watch::Receiver<Vec<Place>>,
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

/// Failures of the sockets in a row.
#[derive(Default)]
struct Faults(usize);

impl Faults {
    /// Passes over a failure, for some systems tell here that an earlier datagram did not arrive; the last of too many is one.
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

/// The next datagram at any place.
async fn receive(places: &[Place], buffer: &mut [u8]) -> io::Result<(Datagram, SocketAddr)> {
    let mut buffer = ReadBuf::new(buffer);
    std::future::poll_fn(|context| {
        for Place { at, socket } in places {
            if let Poll::Ready(received) = socket.poll_recv_from(context, &mut buffer) {
                let datagram = |from| (Datagram { at: *at, from, bytes: buffer.filled().to_vec() }, from);
                return Poll::Ready(received.map(datagram));
            }
        }
        Poll::Pending
    })
    .await
}

/// Which datagram belongs to which link: by the client's name at first, by the address it came from after that.
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
    /// Hands a datagram to its link, or begins one where it is the first knock of a client.
    fn hear(
        &mut self,
        hub: &Arc<Hub>,
        datagram: Datagram,
        from: SocketAddr,
        begin: impl FnOnce(Link, mpsc::Receiver<Datagram>) -> tokio::task::Id,
    ) {
        let name = match datagram.bytes.first() {
            // STUN and DTLS, told apart as in RFC 7983, 7.
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
        // A full queue loses it, as a network may.
        let _ = entry.datagrams.try_send(datagram);
    }

    /// Whether a client of this name may come from this address.
    fn has_place_for(&self, name: &String, ip: IpAddr) -> bool {
        let n_here = self.links.values().filter(|entry| entry.ip == ip).count();
        self.links.len() < MAX_LINKS && n_here < MAX_LINKS_PER_ADDRESS && !self.ended.contains(name)
    }

    /// Forgets a link that has ended. Its page still knocks for a while: unanswered, it sees that the link is gone.
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
