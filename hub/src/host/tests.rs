//! An open hub on a simulated network, with real sockets at loopback addresses.
#![allow(clippy::unwrap_used)]

use super::*;
use crate::network::{FixedNetwork, Later};
use crate::rtc::tests::Page;
use porchlight_engine::{Engine, Env, Files, Shell};
use porchlight_model::calls::Event;
use std::net::{IpAddr, SocketAddr, TcpStream, UdpSocket};
use tokio::sync::Notify;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

/// A network whose addresses the test sets.
#[derive(Default)]
struct MadeUp {
    addresses: Mutex<Vec<IpAddr>>,
    changed: Notify,
}

impl Network for MadeUp {
    fn may_have_changed(&self) -> Later<'_> {
        Box::pin(self.changed.notified())
    }

    fn addresses(&self, _: &[IpAddr]) -> io::Result<Vec<IpAddr>> {
        Ok(self.addresses.lock().unwrap().clone())
    }
}

/// The device of a captain who does nothing but open a hub.
struct Captain {
    host: LocalHost,
    handle: EngineHandle,
    network: Arc<MadeUp>,
    changes: UnboundedReceiver<Event>,
}

struct NoFiles;

impl Files for NoFiles {
    fn read_at(&self, _: &str, _: u64, _: &mut [u8]) -> io::Result<usize> {
        Err(io::ErrorKind::NotFound.into())
    }
}

struct Noon;

impl porchlight_engine::Clock for Noon {
    fn now(&self) -> At {
        At(1_800_000_000_000)
    }
}

impl Captain {
    fn at(addresses: &[&str], port: u16) -> Self {
        let engine = Engine::open(":memory:", Env { clock: Arc::new(Noon), seed: [1; 32] }).unwrap();
        let (told, changes) = unbounded_channel();
        let events = Arc::new(move |event| drop(told.send(event)));
        let handle = EngineHandle::new(engine, Shell { files: Arc::new(NoFiles), events, host: None });
        let network = Arc::new(MadeUp::default());
        *network.addresses.lock().unwrap() = read(addresses);
        let host = LocalHost::new(Handle::current()).on(network.clone(), port);
        Self { host, handle, network, changes }
    }

    /// Moves the device, and waits until the hub has reported the change and has left its old addresses.
    async fn moves_to(&mut self, addresses: &[&str]) {
        while self.changes.try_recv().is_ok() {}
        let (before, now) = (self.host.listening().unwrap().addresses, read(addresses));
        self.network.addresses.lock().unwrap().clone_from(&now);
        self.network.changed.notify_one();
        assert_eq!(self.changes.recv().await, Some(Event::Changed { topics: vec![Topic::Sync] }));
        for at in before.iter().filter(|at| !now.contains(&at.ip())) {
            while std::net::TcpListener::bind(at).is_err() || UdpSocket::bind(at).is_err() {
                tokio::task::yield_now().await;
            }
        }
    }

    /// Where the hub is reachable, verified by connecting over TCP and as a page does.
    async fn found_at(&self) -> Vec<SocketAddr> {
        let Listening { addresses, fingerprint, .. } = self.host.listening().unwrap();
        for at in &addresses {
            TcpStream::connect(at).unwrap();
            Page::open_to(&[*at], fingerprint.0).await;
        }
        addresses
    }

    fn has_moved(&self) -> bool {
        self.host.listening().unwrap().moved.is_some()
    }
}

fn read(addresses: &[&str]) -> Vec<IpAddr> {
    addresses.iter().map(|address| address.parse().unwrap()).collect()
}

fn places(addresses: &[&str], port: u16) -> Vec<SocketAddr> {
    read(addresses).into_iter().map(|address| (address, port).into()).collect()
}

#[tokio::test]
async fn a_hub_follows_its_device_to_another_network_and_keeps_port_and_certificate() {
    let mut carl = Captain::at(&["127.0.0.1"], 0);
    carl.host.open(&carl.handle).unwrap();
    let first = carl.found_at().await;
    let (port, fingerprint) = (first[0].port(), carl.host.listening().unwrap().fingerprint);
    carl.moves_to(&["127.0.0.2"]).await;
    assert_eq!(carl.found_at().await, places(&["127.0.0.2"], port));
    assert_eq!(carl.host.listening().unwrap().fingerprint, fingerprint);
    assert!(carl.has_moved());
    carl.moves_to(&["127.0.0.3", "127.0.0.2"]).await;
    assert_eq!(carl.found_at().await, places(&["127.0.0.3", "127.0.0.2"], port));
    carl.host.close();
    assert_eq!(carl.host.listening(), None);
}

#[tokio::test]
async fn a_hub_that_lost_its_network_waits_for_it() {
    let mut carl = Captain::at(&[], 0);
    carl.host.open(&carl.handle).unwrap();
    assert!(carl.found_at().await.is_empty());
    carl.moves_to(&["127.0.0.1"]).await;
    let at = carl.found_at().await;
    carl.moves_to(&[]).await;
    assert!(carl.found_at().await.is_empty());
    carl.moves_to(&["127.0.0.1", "127.0.0.2"]).await;
    let port = at[0].port();
    assert_eq!(carl.found_at().await, places(&["127.0.0.1", "127.0.0.2"], port));
    assert!(!carl.has_moved(), "every code that was shown leads here");
}

#[tokio::test]
async fn a_hub_is_found_over_ipv6() {
    let mut carl = Captain::at(&["::1"], 0);
    carl.host.open(&carl.handle).unwrap();
    let at = carl.found_at().await;
    assert_eq!(at[0].to_string(), format!("[::1]:{}", at[0].port()), "as a link has it");
    carl.moves_to(&["127.0.0.1", "::1"]).await;
    assert_eq!(carl.found_at().await, places(&["127.0.0.1", "::1"], at[0].port()));
}

#[tokio::test]
async fn a_hub_takes_another_port_where_its_own_is_taken_and_opens_where_it_can() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    // No device has 192.0.2.1; it stands for an address that was just assigned and cannot be used yet.
    let carl = Captain::at(&["192.0.2.1", "127.0.0.1"], port);
    carl.host.open(&carl.handle).unwrap();
    let found = carl.found_at().await;
    assert!(found.len() == 1 && found[0].port() != port, "{found:?}");
    let nowhere = Captain::at(&["192.0.2.1"], port);
    nowhere.host.open(&nowhere.handle).unwrap();
    assert!(nowhere.found_at().await.is_empty(), "it waits until the address can be used");
    let fixed = LocalHost::new(Handle::current()).on(Arc::new(FixedNetwork(read(&["127.0.0.1"]))), 0);
    fixed.open(&nowhere.handle).unwrap();
    assert_eq!(fixed.listening().unwrap().addresses.len(), 1);
}
