//! The simulated network: takes requests from engines, and holds them until the story decides their fate.

use super::house::URLS;
use axum::http;
use porchlight_engine::EngineError;
use porchlight_engine::sync::Carrier;
use porchlight_engine::sync::carrier::Carried;
use porchlight_model::id::Sha256;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::oneshot;

/// A request as bytes.
pub type Request = http::Request<Vec<u8>>;
/// An answer as bytes.
pub type Answer = http::Response<Vec<u8>>;

/// A message between a device and the relay.
pub struct Message {
    /// The index of the sender.
    pub from: usize,
    /// The relay, or the device as a hub, counted after the relays.
    pub to: usize,
    /// The life of the device in which it was sent.
    pub life: u32,
    /// The request.
    pub request: Request,
    /// The relay's answer, once it has processed the request.
    pub answer: Option<Answer>,
    back: Option<oneshot::Sender<Result<Answer, EngineError>>>,
}

impl Message {
    /// Returns the answer to the sender, who may no longer be waiting.
    pub fn reply(mut self, answer: Option<Answer>) {
        self.send(answer.ok_or(EngineError::Offline(None)));
    }

    /// Reports to the sender that no answer came; the message itself may still be in flight.
    pub fn lose(&mut self) {
        self.send(Err(EngineError::Offline(None)));
    }

    /// Whether somebody waits for the answer.
    #[must_use]
    pub const fn is_awaited(&self) -> bool {
        self.back.is_some()
    }

    fn send(&mut self, result: Result<Answer, EngineError>) {
        if let Some(back) = self.back.take() {
            drop(back.send(result));
        }
    }
}

/// The messages in flight, in the order in which they were sent.
#[derive(Clone, Default)]
pub struct Wire(Arc<Mutex<Vec<Message>>>);

impl Wire {
    /// Runs `act` on the messages.
    pub fn with<R>(&self, act: impl FnOnce(&mut Vec<Message>) -> R) -> R {
        act(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// A device's end of the wire.
    #[must_use]
    pub fn end(&self, from: usize, life: u32) -> Arc<dyn Carrier> {
        Arc::new(End { from, life, wire: self.clone() })
    }
}

struct End {
    from: usize,
    life: u32,
    wire: Wire,
}

impl Carrier for End {
    fn carry(&self, request: reqwest::Request) -> Carried<'_> {
        let (back, answer) = oneshot::channel();
        let host = request.url().host_str().unwrap_or_default();
        let relay = URLS.iter().position(|url| url.ends_with(&format!("/{host}")));
        let Some(to) = relay.or_else(|| hub_of(host)) else {
            return Box::pin(async { Err(EngineError::Offline(None)) });
        };
        let (from, life, back) = (self.from, self.life, Some(back));
        let message = Message { from, to, life, request: as_bytes(&request), answer: None, back };
        self.wire.with(|messages| messages.push(message));
        Box::pin(async move { answer.await.unwrap_or(Err(EngineError::Offline(None))).map(reqwest::Response::from) })
    }

    fn carry_to_hub(&self, request: reqwest::Request, _: Sha256) -> Carried<'_> {
        self.carry(request)
    }
}

/// The address of a device as a hub.
#[must_use]
pub fn hub_address(device: usize) -> SocketAddr {
    let last = u8::try_from(device).unwrap_or(u8::MAX);
    SocketAddr::from(([10, 0, 0, last], 80))
}

/// The number of a hub as a message's destination, after those of the relays.
fn hub_of(host: &str) -> Option<usize> {
    let address: Ipv4Addr = host.parse().ok()?;
    Some(URLS.len() + usize::from(address.octets()[3]))
}

fn as_bytes(request: &reqwest::Request) -> Request {
    let body = request.body().and_then(reqwest::Body::as_bytes).unwrap_or_default().to_vec();
    let mut bytes = Request::new(body);
    *bytes.method_mut() = request.method().clone();
    *bytes.headers_mut() = request.headers().clone();
    let url = request.url();
    let path = url.query().map_or_else(|| url.path().to_owned(), |query| format!("{}?{query}", url.path()));
    if let Ok(uri) = path.parse() {
        *bytes.uri_mut() = uri;
    }
    bytes
}
