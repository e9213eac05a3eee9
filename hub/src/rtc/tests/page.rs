//! A hub that serves on this machine, and a page without a browser that asks it over a real socket.

use super::super::*;
use axum::body::Bytes;
use axum::extract::{ConnectInfo, DefaultBodyLimit, Path};
use axum::routing::{get, post};
use std::time::{Duration, Instant};
use str0m::channel::{ChannelConfig, ChannelId};
use str0m::config::Fingerprint;
use str0m::net::{Protocol, Receive};
use str0m::{Candidate, Event, Input, Output, Rtc, RtcConfig};

/// A hub that serves on 127.0.0.1.
pub(super) struct Serving {
    pub(super) at: SocketAddr,
    pub(super) fingerprint: [u8; 32],
    pub(super) places: watch::Sender<Vec<LinkSocket>>,
    pub(super) stop: watch::Sender<bool>,
    pub(super) served: tokio::task::JoinHandle<io::Result<()>>,
}

pub(super) async fn serving() -> Serving {
    serving_within(MAX_HELD_BYTES).await
}

/// As [`serving`], with room for so many bytes of requests and answers.
pub(super) async fn serving_within(n_bytes: usize) -> Serving {
    let router = Router::new()
        .route("/hello", get(|ConnectInfo(peer): ConnectInfo<SocketAddr>| async move { format!("hello {peer}") }))
        .route("/echo", post(|body: Bytes| async move { body }))
        .route("/bytes/{n}", get(|Path(n): Path<usize>| async move { vec![0; n] }))
        .route("/swallow", post(|_: Bytes| async {}))
        .route("/after/{ms}", get(|Path(ms): Path<u64>| tokio::time::sleep(Duration::from_millis(ms))))
        .route("/never", get(std::future::pending::<()>))
        .layer(DefaultBodyLimit::max(MAX_REQUEST_BYTES));
    let certificate = Certificate::generate().unwrap();
    let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
    let at = socket.local_addr().unwrap();
    let (stop, stopping) = watch::channel(false);
    let fingerprint = certificate.fingerprint();
    let (places, here) = watch::channel(vec![LinkSocket::new(socket).unwrap()]);
    let served = tokio::spawn(async move { serve_within(n_bytes, here, &certificate, router, stopping).await });
    Serving { at, fingerprint, places, stop, served }
}

/// What a page with a browser around it does.
pub(crate) struct Page {
    pub(super) rtc: Rtc,
    pub(super) socket: UdpSocket,
    pub(super) channel: Option<ChannelId>,
    pub(super) is_closed: bool,
    pub(super) messages: VecDeque<Vec<u8>>,
}

impl Page {
    pub(super) async fn open(hub: &Serving) -> Self {
        Self::open_to(&[hub.at], hub.fingerprint).await
    }

    /// Opens a link to a hub at any of these addresses.
    pub(crate) async fn open_to(places: &[SocketAddr], fingerprint: [u8; 32]) -> Self {
        let mut page = Self::new(places, fingerprint).await;
        while page.channel.is_none() {
            page.step().await;
        }
        page
    }

    pub(super) async fn new(places: &[SocketAddr], fingerprint: [u8; 32]) -> Self {
        let here = if places[0].is_ipv6() { "[::1]:0" } else { "127.0.0.1:0" };
        let socket = UdpSocket::bind(here).await.unwrap();
        let own = Certificate::generate().unwrap();
        let mut rtc = RtcConfig::new()
            .set_crypto_provider(Arc::new(crypto::provider()))
            .set_dtls_cert(DtlsCert { certificate: own.der, private_key: own.key_pkcs8_der })
            .build(now());
        rtc.add_local_candidate(Candidate::host(socket.local_addr().unwrap(), "udp").unwrap());
        for at in places {
            rtc.add_remote_candidate(Candidate::host(*at, "udp").unwrap());
        }
        let mut direct = rtc.direct_api();
        direct.set_ice_controlling(true);
        direct.set_remote_ice_credentials(knock::credentials(fingerprint));
        let bytes = fingerprint.to_vec();
        direct.set_remote_fingerprint(Fingerprint { hash_func: "sha-256".to_owned(), bytes });
        direct.start_dtls(true).unwrap();
        direct.start_sctp(true);
        direct.create_data_channel(ChannelConfig { label: "porchlight".to_owned(), ..Default::default() });
        Self { rtc, socket, channel: None, is_closed: false, messages: VecDeque::new() }
    }

    /// Does what is due, then waits for one datagram or one timer.
    pub(super) async fn step(&mut self) {
        if let Some(wake) = self.flush().await {
            let mut buffer = [0; MAX_DATAGRAM_BYTES];
            let now = tokio::select! {
                received = self.socket.recv_from(&mut buffer) => {
                    let (n, from) = received.unwrap();
                    let to = self.socket.local_addr().unwrap();
                    let receive = Receive::new(Protocol::Udp, from, to, &buffer[..n]).unwrap();
                    return self.rtc.handle_input(Input::Receive(now(), receive)).unwrap();
                }
                () = tokio::time::sleep_until(wake.into()) => now(),
            };
            self.rtc.handle_input(Input::Timeout(now)).unwrap();
        }
    }

    pub(super) async fn flush(&mut self) -> Option<Instant> {
        loop {
            match self.rtc.poll_output().unwrap() {
                Output::Timeout(wake) => return self.rtc.is_alive().then_some(wake),
                Output::Transmit(datagram) => {
                    self.socket.send_to(&datagram.contents, datagram.destination).await.unwrap();
                }
                Output::Event(Event::ChannelOpen(id, _)) => self.channel = Some(id),
                Output::Event(Event::ChannelData(data)) => self.messages.push_back(data.data),
                Output::Event(Event::Closed | Event::ChannelClose(_)) => self.is_closed = true,
                Output::Event(_) => {}
            }
        }
    }

    pub(super) async fn send(&mut self, is_binary: bool, message: &[u8]) {
        let id = self.channel.unwrap();
        loop {
            let Some(mut channel) = self.rtc.channel(id) else { return };
            if channel.write(is_binary, message).unwrap() {
                return;
            }
            self.step().await;
        }
    }

    pub(super) async fn send_whole(&mut self, id: u32, whole: &[u8]) {
        for frame in frames_of(id, whole) {
            self.send(true, &frame).await;
        }
    }

    /// The next whole answer: id, head, body.
    pub(super) async fn answer(&mut self) -> (u32, serde_json::Value, Vec<u8>) {
        let mut wholes = HashMap::<u32, Vec<u8>>::new();
        loop {
            while let Some(message) = self.messages.pop_front() {
                assert!(message.len() <= MAX_FRAME_BYTES);
                let id = u32::from_le_bytes(message[..4].try_into().unwrap());
                let whole = wholes.entry(id).or_default();
                whole.extend_from_slice(&message[5..]);
                if message[4] == 1 {
                    let n_head = u32::from_le_bytes(whole[..4].try_into().unwrap()) as usize;
                    let head = serde_json::from_slice(&whole[4..4 + n_head]).unwrap();
                    return (id, head, whole[4 + n_head..].to_vec());
                }
            }
            assert!(!self.is_closed, "the hub closed the link");
            self.step().await;
        }
    }

    /// Asks with a whole request; gives the status of the answer.
    pub(super) async fn status(&mut self, id: u32, whole: &[u8]) -> u64 {
        self.send_whole(id, whole).await;
        let (answered, head, _) = self.answer().await;
        assert_eq!(answered, id);
        head["status"].as_u64().unwrap()
    }

    pub(super) async fn closed(&mut self) {
        while !self.is_closed {
            self.step().await;
        }
    }

    /// Is there, as browsers are, and asks nothing for so long, or until the link is closed.
    pub(super) async fn idles(&mut self, time: Duration) {
        let until = now() + time;
        while !self.is_closed && now() < until {
            let _ = tokio::time::timeout_at(until.into(), self.step()).await;
        }
    }
}

/// The time, as the runtime's clock tells it: tests may hold it.
pub(super) fn now() -> Instant {
    tokio::time::Instant::now().into_std()
}

pub(super) fn whole(method: &str, path: &str, body: &[u8]) -> Vec<u8> {
    let head = serde_json::json!({ "method": method, "path": path, "headers": { "content-type": "text/plain" } });
    let head = head.to_string().into_bytes();
    [&u32::try_from(head.len()).unwrap().to_le_bytes(), &*head, body].concat()
}

pub(super) fn frames_of(id: u32, whole: &[u8]) -> Vec<Vec<u8>> {
    let pieces = whole.chunks(MAX_FRAME_BYTES - 5).collect::<Vec<_>>();
    let last = pieces.len() - 1;
    let frame = |(at, piece): (usize, &&[u8])| [&id.to_le_bytes(), &[u8::from(at == last)][..], piece].concat();
    pieces.iter().enumerate().map(frame).collect()
}

pub(super) fn body(n: usize) -> Vec<u8> {
    (0..=250_u8).cycle().take(n).collect()
}
