//! Takes connections, and says in words when it cannot: a relay without a free file descriptor looks dead to everyone new.

use crate::meters::Meters;
use crate::relay::Relay;
use axum::extract::connect_info::Connected;
use axum_server::{AddrListener, Address};
use std::io;
use std::net::SocketAddr;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::time::Instant;

/// How often it is said that no connection can be taken.
const SAY_EVERY: Duration = Duration::from_secs(60);

/// "Too many open files" of this process, and of the whole machine: the same numbers on Linux, macOS and the BSDs.
const EMFILE: i32 = 24;
const ENFILE: i32 = 23;

/// Who asks for a connection.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Peer(SocketAddr);

impl Connected<Peer> for SocketAddr {
    fn connect_info(peer: Peer) -> Self {
        peer.0
    }
}

/// A listener that says why it takes no connections. The server asks again every 50 ms, so that it goes on by itself.
pub(crate) struct Door {
    listener: TcpListener,
    relay: Option<Relay>,
    trouble: Mutex<Trouble>,
}

#[derive(Default)]
struct Trouble {
    said_at: Option<Instant>,
    is_told: bool,
}

impl Door {
    pub(crate) fn new(listener: std::net::TcpListener, relay: &Relay) -> io::Result<Self> {
        listener.set_nonblocking(true)?;
        let listener = TcpListener::from_std(listener)?;
        Ok(Self { listener, relay: Some(relay.clone()), trouble: Mutex::default() })
    }

    fn meters(&self) -> Option<&Meters> {
        self.relay.as_ref().map(|relay| &relay.meters)
    }

    fn goes_on(&self) {
        let mut trouble = self.trouble.lock().unwrap_or_else(PoisonError::into_inner);
        if trouble.is_told {
            trouble.is_told = false;
            tracing::info!("connections are taken again");
        }
    }

    fn failed(&self, error: &io::Error) {
        // Whoever asked hung up before it was their turn.
        if matches!(error.kind(), io::ErrorKind::ConnectionAborted | io::ErrorKind::ConnectionReset) {
            return;
        }
        if let Some(meters) = self.meters() {
            meters.accept_failures.inc();
        }
        let mut trouble = self.trouble.lock().unwrap_or_else(PoisonError::into_inner);
        if trouble.said_at.is_some_and(|at| at.elapsed() < SAY_EVERY) {
            return;
        }
        *trouble = Trouble { said_at: Some(Instant::now()), is_told: true };
        match error.raw_os_error() {
            Some(EMFILE) => tracing::error!(
                "all file descriptors of this relay are taken: new connections wait until one is free; allow it more (LimitNOFILE= in its unit, else ulimit -n)"
            ),
            Some(ENFILE) => tracing::error!(
                "all file descriptors of this machine are taken: new connections wait until one is free (fs.file-max)"
            ),
            _ => tracing::error!(%error, "no connection can be taken now; it is tried again"),
        }
    }
}

impl Address for Peer {
    type Stream = TcpStream;
    type Listener = Door;
}

impl AddrListener<TcpStream, Peer> for Door {
    async fn bind_to(peer: Peer) -> io::Result<Self> {
        Ok(Self { listener: TcpListener::bind(peer.0).await?, relay: None, trouble: Mutex::default() })
    }

    async fn accept_stream(&self) -> io::Result<(TcpStream, Peer)> {
        match self.listener.accept().await {
            Ok((stream, from)) => {
                self.goes_on();
                Ok((stream, Peer(from)))
            }
            Err(error) => {
                self.failed(&error);
                Err(error)
            }
        }
    }

    fn get_local_addr(&self) -> io::Result<Peer> {
        self.listener.local_addr().map(Peer)
    }
}
