//! One client's link: drives its WebRTC state machine and passes its requests to the router.

use super::LinkSocket;
use super::frames::{
    Answer, Broken, Inbox, MAX_ANSWER_BYTES, MAX_FRAME_BYTES, MAX_REQUESTS_AT_ONCE, Request, take_room,
};
use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use http_body_util::{BodyExt, Limited};
use std::collections::{BTreeSet, VecDeque};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};
use str0m::channel::ChannelId;
use str0m::config::{CryptoProvider, DtlsCert, Fingerprint};
use str0m::net::{Protocol, Receive, Transmit};
use str0m::{Candidate, Event, IceCreds, Input, Output, Rtc, RtcConfig, RtcError};
use tokio::sync::{Semaphore, mpsc, watch};
use tokio::task::JoinSet;
use tower::ServiceExt;

/// A link whose channel is not open after this time is closed.
pub const MAX_HALF_OPEN: Duration = Duration::from_secs(10);

/// A link that carries no request or answer for this long is closed.
pub const MAX_IDLE: Duration = Duration::from_secs(60);

/// A link whose client sends no datagram for this long is closed: a browser sends ICE checks every few seconds while it is there.
pub const MAX_SILENCE: Duration = Duration::from_secs(20);

/// The router's time limit for an answer.
pub const ANSWER_WITHIN: Duration = Duration::from_secs(60);

/// The limit of a channel's send buffer in bytes; further answers wait outside it.
const MAX_BUFFERED_BYTES: usize = 128 * 1024;

/// The shortest wait for a timer, so that no client can keep a processor busy.
const MIN_WAIT: Duration = Duration::from_millis(1);

/// The maximum number of steps in which a closing link may send its last datagrams.
const MAX_GOODBYES: usize = 64;

/// The name of the channel.
const LABEL: &str = "porchlight";

/// An endless event stream, which is not served here because answers are sent whole.
const NEVER_WHOLE: &str = "/v1/hints";

/// The content type of DTLS handshake records (RFC 6347, section 4.1).
const DTLS_HANDSHAKE: u8 = 22;

/// The state that all links share.
pub(super) struct Hub {
    pub(super) places: watch::Receiver<Vec<LinkSocket>>,
    pub(super) credentials: IceCreds,
    pub(super) certificate: DtlsCert,
    pub(super) crypto: Arc<CryptoProvider>,
    pub(super) router: Router,
    /// The remaining memory budget for requests and answers, in bytes.
    pub(super) room: Arc<Semaphore>,
}

impl Hub {
    /// Sends from the socket that the datagram names; a datagram that cannot be sent is dropped, as on any network.
    async fn send(&self, datagram: &Transmit) {
        let place = self.places.borrow().iter().find(|place| place.at == datagram.source).cloned();
        if let Some(place) = place {
            let _ = place.socket.send_to(&datagram.contents, datagram.destination).await;
        }
    }
}

/// One received datagram.
pub(super) struct Datagram {
    pub(super) at: SocketAddr,
    pub(super) from: SocketAddr,
    pub(super) bytes: Vec<u8>,
}

/// Why a link ends.
#[derive(Debug, thiserror::Error)]
enum End {
    #[error("the client broke the rules: {0}")]
    Broken(#[from] Broken),
    #[error("the link failed: {0}")]
    Rtc(#[from] RtcError),
    #[error("the client goes on with a link that this hub does not know")]
    Unknown,
    #[error("the router died over a request")]
    Router,
    #[error("the channel was closed")]
    Closed,
    #[error("nothing came for too long")]
    Time,
    #[error("the hub stops")]
    Stop,
}

pub(super) struct Link {
    hub: Arc<Hub>,
    rtc: Rtc,
    peer: SocketAddr,
    /// The hub's addresses at which this client has connected; it may move to one that the machine did not have at first.
    met_at: BTreeSet<SocketAddr>,
    channel: Option<ChannelId>,
    /// Whether the DTLS handshake has begun.
    has_greeted: bool,
    inbox: Inbox,
    running: JoinSet<Answer>,
    outbox: VecDeque<Answer>,
    began: Instant,
    /// When the last datagram arrived.
    heard: Instant,
    /// When the channel last carried a request or an answer.
    carried: Instant,
}

impl Link {
    /// A link to the client of this name, which connected from `peer`.
    pub(super) fn new(hub: Arc<Hub>, client: &str, peer: SocketAddr) -> Self {
        let now = now();
        let mut rtc = RtcConfig::new()
            .set_ice_lite(true)
            .set_local_ice_credentials(hub.credentials.clone())
            .set_dtls_cert(hub.certificate.clone())
            .set_crypto_provider(Arc::clone(&hub.crypto))
            .set_fingerprint_verification(false)
            .clear_codecs()
            .set_sctp_max_buffered_amount(MAX_BUFFERED_BYTES)
            .set_sctp_max_message_size(u32::try_from(MAX_FRAME_BYTES).unwrap_or(u32::MAX))
            .build(now);
        let mut direct = rtc.direct_api();
        direct.set_ice_controlling(false);
        // An ICE-lite hub never needs the client's password.
        direct.set_remote_ice_credentials(IceCreds { ufrag: client.to_owned(), pass: String::new() });
        // The field is required, but not compared.
        direct.set_remote_fingerprint(Fingerprint { hash_func: "sha-256".to_owned(), bytes: vec![0; 32] });
        let is_ready = direct.start_dtls(false).is_ok();
        direct.start_sctp(false);
        if !is_ready {
            rtc.disconnect();
        }
        Self {
            hub,
            rtc,
            peer,
            met_at: BTreeSet::new(),
            channel: None,
            has_greeted: false,
            inbox: Inbox::default(),
            running: JoinSet::new(),
            outbox: VecDeque::new(),
            began: now,
            heard: now,
            carried: now,
        }
    }

    /// Serves requests until the client or the hub closes the link, or a deadline passes.
    pub(super) async fn run(mut self, datagrams: mpsc::Receiver<Datagram>, stop: watch::Receiver<bool>) {
        let end = self.carry(datagrams, stop).await;
        if let Err(reason) = end {
            tracing::debug!(peer = %self.peer, %reason, "a link ended");
        }
        if self.rtc.close().is_ok() {
            self.say_goodbye().await;
        }
    }

    async fn carry(
        &mut self,
        mut datagrams: mpsc::Receiver<Datagram>,
        mut stop: watch::Receiver<bool>,
    ) -> Result<(), End> {
        loop {
            let wake = self.settle().await?;
            let ends = self.ends_at();
            if !self.rtc.is_alive() {
                return Err(End::Closed);
            }
            if now() >= ends {
                return Err(End::Time);
            }
            let wake = wake.max(now() + MIN_WAIT).min(ends);
            tokio::select! {
                _ = stop.wait_for(|is_stopping| *is_stopping) => return Err(End::Stop),
                datagram = datagrams.recv() => self.hear(&datagram.ok_or(End::Stop)?)?,
                Some(answer) = self.running.join_next() => self.outbox.push_back(answer.map_err(|_| End::Router)?),
                () = tokio::time::sleep_until(wake.into()) => self.rtc.handle_input(Input::Timeout(now()))?,
            }
        }
    }

    /// When the link is closed if nothing more happens.
    fn ends_at(&self) -> Instant {
        let silent = self.heard + MAX_SILENCE;
        match self.channel {
            None => silent.min(self.began + MAX_HALF_OPEN),
            Some(_) if self.running.is_empty() => silent.min(self.carried + MAX_IDLE),
            Some(_) => silent,
        }
    }

    /// Processes one datagram; what cannot be parsed is ignored, because anybody can send it.
    fn hear(&mut self, datagram: &Datagram) -> Result<(), End> {
        match datagram.bytes.first() {
            Some(&DTLS_HANDSHAKE) => self.has_greeted = true,
            Some(20..=63) if !self.has_greeted => return Err(End::Unknown),
            _ => {}
        }
        let Datagram { at, from, ref bytes } = *datagram;
        let Ok(received) = Receive::new(Protocol::Udp, from, at, bytes) else { return Ok(()) };
        self.heard = now();
        self.peer = from;
        if self.met_at.insert(at)
            && let Ok(candidate) = Candidate::host(at, "udp")
        {
            self.rtc.add_local_candidate(candidate);
        }
        if let Err(error) = self.rtc.handle_input(Input::Receive(self.heard, received)) {
            tracing::debug!(peer = %from, %error, "a datagram was passed over");
        }
        Ok(())
    }

    /// Does all pending work; returns the time of the next deadline.
    async fn settle(&mut self) -> Result<Instant, End> {
        loop {
            let wake = loop {
                match self.rtc.poll_output()? {
                    Output::Timeout(wake) => break wake,
                    Output::Transmit(datagram) => self.hub.send(&datagram).await,
                    Output::Event(event) => self.notice(event)?,
                }
            };
            if !self.fill()? {
                return Ok(wake);
            }
        }
    }

    fn notice(&mut self, event: Event) -> Result<(), End> {
        match event {
            Event::ChannelOpen(id, label) if self.channel.is_none() && label == LABEL => {
                self.channel = Some(id);
                self.carried = now();
                Ok(())
            }
            Event::ChannelOpen(..) => Err(Broken::Frame.into()),
            Event::ChannelClose(_) | Event::Closed => Err(End::Closed),
            Event::ChannelData(data) if data.binary && self.channel == Some(data.id) => Ok(self.take(&data.data)?),
            Event::ChannelData(_) => Err(Broken::Frame.into()),
            // All other events concern media, which no link carries.
            _ => Ok(()),
        }
    }

    fn take(&mut self, frame: &[u8]) -> Result<(), Broken> {
        self.carried = now();
        let request = self.inbox.take(frame, &self.hub.room)?;
        let n_at_once = self.inbox.n_begun() + self.running.len() + self.outbox.len();
        if n_at_once + usize::from(request.is_some()) > MAX_REQUESTS_AT_ONCE {
            return Err(Broken::TooMany);
        }
        if let Some((id, request)) = request {
            self.running.spawn(answer(self.hub.router.clone(), self.peer, id, request, Arc::clone(&self.hub.room)));
        }
        Ok(())
    }

    /// Writes frames of each answer in turn to the channel until its buffer is full; returns whether any was written.
    fn fill(&mut self) -> Result<bool, End> {
        let Some(mut channel) = self.channel.and_then(|id| self.rtc.channel(id)) else { return Ok(false) };
        let mut has_sent = false;
        while let Some(mut answer) = self.outbox.pop_front() {
            if !channel.write(true, &answer.frame())? {
                self.outbox.push_front(answer);
                break;
            }
            has_sent = true;
            if !answer.sent() {
                self.outbox.push_back(answer);
            }
        }
        if has_sent {
            self.carried = now();
        }
        Ok(has_sent)
    }

    async fn say_goodbye(&mut self) {
        for _ in 0..MAX_GOODBYES {
            match self.rtc.poll_output() {
                Ok(Output::Transmit(datagram)) => self.hub.send(&datagram).await,
                Ok(Output::Event(_)) => {}
                Ok(Output::Timeout(_)) | Err(_) => return,
            }
        }
    }
}

/// Passes a request to the router as if it had come by HTTP over TCP.
async fn answer(router: Router, peer: SocketAddr, id: u32, request: Request, room: Arc<Semaphore>) -> Answer {
    let Request { method, uri, headers, body, room: _held } = request;
    if uri.path() == NEVER_WHOLE {
        return Answer::empty(id, 404);
    }
    let mut asked = axum::http::Request::new(Body::from(body));
    *asked.method_mut() = method;
    *asked.uri_mut() = uri;
    *asked.headers_mut() = headers;
    asked.extensions_mut().insert(ConnectInfo(peer));
    let answered = tokio::time::timeout(ANSWER_WITHIN, async {
        let Ok(response) = router.oneshot(asked).await;
        let (parts, body) = response.into_parts();
        Limited::new(body, MAX_ANSWER_BYTES).collect().await.map(|body| (parts, body.to_bytes()))
    });
    match answered.await {
        Ok(Ok((parts, body))) => match take_room(&room, body.len()) {
            Some(held) => Answer::new(id, parts.status.as_u16(), &parts.headers, body, Some(held)),
            None => Answer::empty(id, 503),
        },
        Ok(Err(error)) => {
            tracing::warn!(error, "an answer could not be carried");
            Answer::empty(id, 502)
        }
        Err(_) => Answer::empty(id, 504),
    }
}

/// The time, as the runtime's clock tells it.
fn now() -> Instant {
    tokio::time::Instant::now().into_std()
}
