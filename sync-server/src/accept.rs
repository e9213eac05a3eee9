//! Accepts connections, and logs when it cannot: a relay without a free file descriptor looks dead to new clients.

use crate::relay::Relay;
use axum::extract::connect_info::Connected;
use axum_server::{AddrListener, Address};
use std::io;
use std::net::SocketAddr;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::time::Instant;

/// How often the log says that no connection can be accepted.
const SAY_EVERY: Duration = Duration::from_secs(60);

/// The time without a failure after which the log says that connections are accepted again.
const QUIET: Duration = Duration::from_secs(5);

/// "Too many open files" of this process, and of the whole machine: the same numbers on Linux, macOS and the BSDs.
const EMFILE: i32 = 24;
const ENFILE: i32 = 23;

/// The remote address of a connection.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Peer(SocketAddr);

impl Connected<Peer> for SocketAddr {
    fn connect_info(peer: Peer) -> Self {
        peer.0
    }
}

/// A listener that logs why it accepts no connections. The server retries every 50 ms, so that it recovers automatically.
pub(crate) struct Door {
    listener: TcpListener,
    relay: Relay,
    trouble: Mutex<Trouble>,
}

#[derive(Default)]
struct Trouble {
    /// When it was last said that no connection can be taken, unless it was said since that they are taken again.
    said_at: Option<Instant>,
    failed_at: Option<Instant>,
}

impl Door {
    pub(crate) fn new(listener: std::net::TcpListener, relay: &Relay) -> io::Result<Self> {
        listener.set_nonblocking(true)?;
        let listener = TcpListener::from_std(listener)?;
        Ok(Self { listener, relay: relay.clone(), trouble: Mutex::default() })
    }

    fn goes_on(&self) {
        let mut trouble = self.trouble.lock().unwrap_or_else(PoisonError::into_inner);
        // When all descriptors are in use, a released one admits one connection, and the next fails again.
        let is_quiet = trouble.failed_at.is_some_and(|at| at.elapsed() >= QUIET);
        if trouble.said_at.is_some() && is_quiet {
            *trouble = Trouble::default();
            tracing::info!("connections are taken again");
        }
    }

    fn failed(&self, error: &io::Error) {
        // The client hung up before its connection was accepted.
        if matches!(error.kind(), io::ErrorKind::ConnectionAborted | io::ErrorKind::ConnectionReset) {
            return;
        }
        self.relay.meters.accept_failures.inc();
        let mut trouble = self.trouble.lock().unwrap_or_else(PoisonError::into_inner);
        trouble.failed_at = Some(Instant::now());
        if trouble.said_at.is_some_and(|at| at.elapsed() < SAY_EVERY) {
            return;
        }
        trouble.said_at = trouble.failed_at;
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
    /// For servers that take an address themselves, which the trait demands: a relay's is taken before it serves.
    async fn bind_to(_: Peer) -> io::Result<Self> {
        Err(io::ErrorKind::Unsupported.into())
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
