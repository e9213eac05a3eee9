//! HTTP requests to relays and hubs: the only module of a client that opens sockets.

#[cfg(not(target_arch = "wasm32"))]
mod pinned;
pub(crate) mod to_hub;

use crate::engine::Membership;
use crate::error::EngineError;
use crate::handle::EngineHandle;
use crate::sync::carrier::{Carried, Carrier};
use crate::sync::relays::with_size;
use flate2::{Compression, write::GzEncoder};
use futures_util::{Stream, StreamExt};
use porchlight_model::cbor;
use porchlight_model::id::{DocId, Sha256};
use porchlight_model::relay::{Refusal, RefusalCode};
use porchlight_model::turf::MAX_PACK_BYTES;
use porchlight_model::versions::Versions;
use porchlight_model::wire::{SyncAsk, SyncReply};
use reqwest::{Client, Request, RequestBuilder, Response};
use serde::{Serialize, de::DeserializeOwned};
use std::io::Write;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// The maximum size of a reply in bytes.
const MAX_REPLY_BYTES: usize = 16 * 1024 * 1024;
/// Smaller requests are not compressed: they fit in one packet anyway, and compression takes a quarter of a
/// megabyte of memory each time.
const COMPRESS_FROM_BYTES: usize = 1024;

/// The traffic since the shell started: bodies of `POST /v1/sync`, compressed as sent.
#[derive(Debug, Default)]
pub struct Traffic {
    /// Requests sent.
    pub n_rounds: AtomicU64,
    /// Bytes of their bodies.
    pub n_bytes_up: AtomicU64,
    /// Bytes of the bodies of their answers.
    pub n_bytes_down: AtomicU64,
}

/// Creates the HTTP client for all requests; expensive to create, cheap to clone.
#[must_use]
pub fn client() -> Client {
    #[cfg(not(target_arch = "wasm32"))]
    {
        // Fails only when another part of the program has installed one, which serves as well.
        drop(rustls::crypto::ring::default_provider().install_default());
        let builder = Client::builder().connect_timeout(Duration::from_secs(10)).read_timeout(Duration::from_secs(60));
        builder.build().unwrap_or_default()
    }
    #[cfg(target_arch = "wasm32")]
    Client::new()
}

/// Sends a request. That a kept connection is broken, because the relay was started again, shows only when it is used: then the request,
/// which may be repeated like all of ours, goes out once more on a new one.
#[cfg(not(target_arch = "wasm32"))]
async fn execute(http: &Client, request: Request) -> Result<Response, reqwest::Error> {
    let again = request.try_clone();
    match (http.execute(request).await, again) {
        (Err(error), Some(again)) if error.is_request() && !error.is_timeout() && !error.is_connect() => {
            http.execute(again).await
        }
        (answer, _) => answer,
    }
}

/// Sends a request; a browser looks after its connections itself.
#[cfg(target_arch = "wasm32")]
async fn execute(http: &Client, request: Request) -> Result<Response, reqwest::Error> {
    http.execute(request).await
}

impl Carrier for Client {
    fn carry(&self, request: Request) -> Carried<'_> {
        Box::pin(async move { execute(self, request).await.map_err(|error| EngineError::Offline(Some(error))) })
    }

    #[cfg(not(target_arch = "wasm32"))]
    fn carry_to_hub(&self, request: Request, fingerprint: Sha256) -> Carried<'_> {
        Box::pin(async move {
            let client = pinned::client(fingerprint).map_err(|error| EngineError::Offline(Some(error)))?;
            execute(&client, request).await.map_err(|error| EngineError::Offline(Some(error)))
        })
    }

    /// The page carries it over a channel of its own, which knows the hub by the fingerprint in the address.
    #[cfg(target_arch = "wasm32")]
    fn carry_to_hub(&self, request: Request, _: Sha256) -> Carried<'_> {
        self.carry(request)
    }
}

/// Sends a sync request to the relay, with the timeout `wait`, or longer for a large request.
pub(crate) async fn sync(
    handle: &EngineHandle,
    to: &Membership,
    ask: &SyncAsk,
    wait: Duration,
) -> Result<SyncReply, EngineError> {
    let answer = match sync_once(handle, to, ask, wait).await {
        Err(NotServed { proto: Some(proto), .. }) if proto != ask.proto => {
            sync_once(handle, to, &SyncAsk { proto, ..ask.clone() }, wait).await
        }
        answer => answer,
    };
    answer.map_err(|not_served| not_served.why)
}

async fn sync_once(
    handle: &EngineHandle,
    to: &Membership,
    ask: &SyncAsk,
    wait: Duration,
) -> Result<SyncReply, NotServed> {
    let (request, n_bytes_up) = sync_request(handle, &to.relay, &to.token, ask, wait)?;
    handle.traffic.n_rounds.fetch_add(1, Ordering::Relaxed);
    handle.traffic.n_bytes_up.fetch_add(n_bytes_up as u64, Ordering::Relaxed);
    let bytes = bytes(ask_for(handle, request).await?, MAX_REPLY_BYTES).await?;
    handle.traffic.n_bytes_down.fetch_add(bytes.len() as u64, Ordering::Relaxed);
    Ok(read_reply(&bytes)?)
}

/// Writes the request for a sync; says how large its body is.
fn sync_request(
    handle: &EngineHandle,
    base: &str,
    token: &str,
    ask: &SyncAsk,
    wait: Duration,
) -> Result<(RequestBuilder, usize), EngineError> {
    let mut body = Vec::new();
    ciborium::into_writer(ask, &mut body).map_err(|error| EngineError::Corrupt { what: error.to_string() })?;
    let mut request =
        handle.http.post(format!("{base}/v1/sync")).bearer_auth(token).header("content-type", "application/cbor");
    if body.len() >= COMPRESS_FROM_BYTES {
        body = gzip(&body)?;
        request = request.header("content-encoding", "gzip");
    }
    let n_bytes = body.len();
    Ok((request.timeout(with_size(wait, n_bytes)).body(body), n_bytes))
}

/// Decodes a sync reply; its values are counted first, so that a few bytes cannot fill the memory.
///
/// # Errors
/// When it is not a reply, or larger than any that our relay sends.
pub fn read_reply(bytes: &[u8]) -> Result<SyncReply, EngineError> {
    let bad = |error: &dyn std::fmt::Display| EngineError::BadReply(error.to_string());
    cbor::measure(bytes, cbor::MAX_REPLY_VALUES).map_err(|error| bad(&error))?;
    ciborium::from_reader(bytes).map_err(|error| bad(&error))
}

fn gzip(bytes: &[u8]) -> Result<Vec<u8>, EngineError> {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
    gzip.write_all(bytes).and_then(|()| gzip.finish()).map_err(|error| EngineError::Corrupt { what: error.to_string() })
}

/// Posts JSON and reads JSON; `token` is empty before a device has one.
pub(crate) async fn post<T: DeserializeOwned>(
    handle: &EngineHandle,
    relay: &str,
    token: &str,
    path: &str,
    body: &impl Serialize,
) -> Result<T, EngineError> {
    let body = serde_json::to_value(body)?;
    let answer = match post_once(handle, relay, token, path, &body).await {
        Err(NotServed { proto: Some(proto), .. }) if body["proto"] != proto => {
            let mut body = body;
            body["proto"] = proto.into();
            post_once(handle, relay, token, path, &body).await
        }
        answer => answer,
    };
    json(&answer.map_err(|not_served| not_served.why)?)
}

async fn post_once(
    handle: &EngineHandle,
    relay: &str,
    token: &str,
    path: &str,
    body: &serde_json::Value,
) -> Result<Vec<u8>, NotServed> {
    let request = handle.http.post(format!("{relay}{path}")).header("content-type", "application/json");
    let mut request = request.body(body.to_string());
    if !token.is_empty() {
        request = request.bearer_auth(token);
    }
    Ok(bytes(ask_for(handle, request).await?, MAX_REPLY_BYTES).await?)
}

/// Gets the body of an answer.
pub(crate) async fn get(handle: &EngineHandle, to: &Membership, path: &str) -> Result<Vec<u8>, EngineError> {
    let response = send(handle, handle.http.get(format!("{}{path}", to.relay)).bearer_auth(&to.token)).await?;
    bytes(response, MAX_REPLY_BYTES).await
}

/// Uploads a pack to the relay; idempotent.
pub(crate) async fn put_pack(
    handle: &EngineHandle,
    to: &Membership,
    hash: Sha256,
    doc: DocId,
    pack: Vec<u8>,
) -> Result<(), EngineError> {
    let request = handle
        .http
        .put(format!("{}/v1/packs/{hash}?doc={doc}", to.relay))
        .bearer_auth(&to.token)
        .header("content-type", "application/octet-stream")
        .body(pack);
    send(handle, request).await.map(drop)
}

/// Downloads a pack and verifies its hash.
pub(crate) async fn get_pack(handle: &EngineHandle, to: &Membership, hash: Sha256) -> Result<Vec<u8>, EngineError> {
    let request = handle.http.get(format!("{}/v1/packs/{hash}", to.relay)).bearer_auth(&to.token);
    let pack = bytes(send(handle, request).await?, MAX_PACK_BYTES).await?;
    if crate::pack::hash(&pack) != hash {
        return Err(EngineError::BadReply("a pack arrived damaged".to_owned()));
    }
    Ok(pack)
}

/// Opens the relay's stream of hints; yields the bytes of each event.
pub(crate) async fn hints(
    handle: &EngineHandle,
    to: &Membership,
) -> Result<impl Stream<Item = Vec<u8>> + Unpin, EngineError> {
    let request = handle.http.get(format!("{}/v1/hints", to.relay)).bearer_auth(&to.token);
    let response = send(handle, request.header("accept", "text/event-stream")).await?;
    Ok(response
        .bytes_stream()
        .take_while(|chunk| futures_util::future::ready(chunk.is_ok()))
        .map(|chunk| chunk.map(|bytes| bytes.to_vec()).unwrap_or_default())
        .boxed_anywhere())
}

/// Boxes a stream, with `Send` where threads exist.
trait BoxedAnywhere: Stream + Sized {
    #[cfg(not(target_arch = "wasm32"))]
    fn boxed_anywhere(self) -> futures_util::stream::BoxStream<'static, Self::Item>
    where
        Self: Send + 'static,
    {
        self.boxed()
    }
    #[cfg(target_arch = "wasm32")]
    fn boxed_anywhere(self) -> futures_util::stream::LocalBoxStream<'static, Self::Item>
    where
        Self: 'static,
    {
        self.boxed_local()
    }
}

impl<S: Stream> BoxedAnywhere for S {}

/// Why a request was not served.
struct NotServed {
    why: EngineError,
    /// The version in which to write it again, where the relay no longer reads the version in which it was written.
    proto: Option<u16>,
}

impl From<EngineError> for NotServed {
    fn from(why: EngineError) -> Self {
        Self { why, proto: None }
    }
}

async fn send(handle: &EngineHandle, request: RequestBuilder) -> Result<Response, EngineError> {
    ask_for(handle, request).await.map_err(|not_served| not_served.why)
}

async fn ask_for(handle: &EngineHandle, request: RequestBuilder) -> Result<Response, NotServed> {
    let request = request.build().map_err(|error| EngineError::Offline(Some(error)))?;
    checked(handle.carrier.carry(request).await?).await
}

/// Converts an unsuccessful answer to the refusal that it contains.
async fn checked(response: Response) -> Result<Response, NotServed> {
    if response.status().is_success() {
        return Ok(response);
    }
    let status = response.status().as_u16();
    let body = bytes(response, MAX_REPLY_BYTES).await?;
    let refusal = serde_json::from_slice::<Refusal>(&body).ok();
    let proto = refusal.as_ref().and_then(|refusal| Versions::OURS.agree(refusal.versions?));
    let why = match refusal.map(|refusal| refusal.code) {
        Some(code) if !code.is_unknown() => EngineError::Refused(code),
        // A proxy in front of the relay answers in its own words while the relay is down; a newer relay may have a reason of its own.
        _ if status == 429 => EngineError::Refused(RefusalCode::SlowDown),
        _ if status >= 500 => EngineError::Offline(None),
        Some(code) => EngineError::Refused(code),
        None => EngineError::BadReply(format!("status {status}")),
    };
    Err(NotServed { why, proto })
}

/// Parses JSON from a relay.
pub(crate) fn json<T: DeserializeOwned>(body: &[u8]) -> Result<T, EngineError> {
    serde_json::from_slice(body).map_err(|error| EngineError::BadReply(error.to_string()))
}

/// Reads a body of at most `limit` bytes.
async fn bytes(response: Response, limit: usize) -> Result<Vec<u8>, EngineError> {
    let mut body = Vec::new();
    let mut chunks = response.bytes_stream();
    while let Some(chunk) = chunks.next().await {
        body.extend_from_slice(&chunk.map_err(|error| EngineError::Offline(Some(error)))?);
        if body.len() > limit {
            return Err(EngineError::BadReply("an answer is too long".to_owned()));
        }
    }
    Ok(body)
}
