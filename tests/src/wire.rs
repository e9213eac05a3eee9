//! The network between clients and a relay process: it forwards requests unchanged, until a test injects a fault.

use crate::newer;
use crate::relay::Relay;
use anyhow::{Context, Result};
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::net::TcpListener;

/// A fault that affects syncs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Fault {
    /// Nothing.
    #[default]
    None,
    /// The relay processes the request, and its reply is lost.
    LoseReplies,
    /// The request arrives as one of the protocol's next version, and the relay answers accordingly.
    OtherVersion,
    /// The request is never answered, as in a network black hole.
    Silent,
    /// The relay is an older one that ignores queries, also of other requests than syncs.
    NoQueries,
    /// The relay is an older one that cannot list or withdraw links.
    NoLinks,
    /// The relay is a newer one, which sends things that this program does not know: see [`crate::newer`].
    Newer,
    /// The relay is a newer one, which refuses every sync for a reason that this program does not know.
    NewerRefusal,
    /// The relay is a newer one, which reads requests from version 3 of the protocol onwards.
    Later,
    /// The relay is an older one without version ranges, which cannot decode a request that names an unknown kind of document.
    Older,
    /// The relay is an older one of version 3, which keeps unknown kinds of documents and makes none.
    Previous,
    /// The proxy no longer serves this name, and answers all requests with "not found".
    Gone,
}

/// A running wire.
#[derive(Debug)]
pub struct Wire {
    relay: String,
    /// Its address, to use instead of the relay's.
    pub url: String,
    fault: Arc<Mutex<Fault>>,
    carried: Arc<Mutex<Carried>>,
}

/// The traffic of a wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Carried {
    /// Syncs that were answered.
    pub n_syncs: u32,
    /// Bytes of those answers.
    pub n_bytes: usize,
    /// Bytes of roster answers.
    pub n_roster_bytes: usize,
}

#[derive(Clone)]
struct Ends {
    relay: String,
    carried: Arc<Mutex<Carried>>,
    fault: Arc<Mutex<Fault>>,
    http: reqwest::Client,
}

impl Wire {
    /// Opens a wire to a relay.
    ///
    /// # Errors
    /// When no port is free.
    pub async fn to(relay: &Relay) -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await.context("listening")?;
        let url = format!("http://{}", listener.local_addr()?);
        let (fault, carried) = (Arc::default(), Arc::default());
        let ends = Ends {
            relay: relay.url.clone(),
            carried: Arc::clone(&carried),
            fault: Arc::clone(&fault),
            http: reqwest::Client::new(),
        };
        let router = Router::new().fallback(carry).with_state(ends);
        tokio::spawn(async move { axum::serve(listener, router).await });
        Ok(Self { relay: relay.url.clone(), url, fault, carried })
    }

    /// Rewrites a link to the relay to one through this wire.
    #[must_use]
    pub fn link(&self, link: &str) -> String {
        link.replace(&self.relay, &self.url)
    }

    /// The traffic so far.
    #[must_use]
    pub fn carried(&self) -> Carried {
        *self.carried.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Injects a fault, or removes it.
    pub fn set(&self, fault: Fault) {
        *self.fault.lock().unwrap_or_else(PoisonError::into_inner) = fault;
    }
}

async fn carry(State(ends): State<Ends>, method: Method, uri: Uri, mut headers: HeaderMap, body: Bytes) -> Response {
    let fault = *ends.fault.lock().unwrap_or_else(PoisonError::into_inner);
    if fault == Fault::Gone {
        return StatusCode::NOT_FOUND.into_response();
    }
    let is_newer = fault == Fault::Newer;
    let (is_sync, is_roster) = (uri.path() == "/v1/sync", uri.path() == "/v1/roster");
    let asked = match (fault, uri.path()) {
        (Fault::NoQueries, path) => path.to_owned(),
        (Fault::NoLinks, "/v1/invites/open" | "/v1/invites/withdraw") => "/v1/unknown".to_owned(),
        _ => uri.to_string(),
    };
    let fault = if is_sync { fault } else { Fault::None };
    if fault == Fault::Silent {
        return std::future::pending().await;
    }
    if is_sync && let Some(refusal) = newer::refusal(fault, &headers, &body) {
        return refusal;
    }
    headers.remove(header::HOST);
    headers.remove(header::CONTENT_LENGTH);
    let body = if fault == Fault::OtherVersion {
        headers.remove(header::CONTENT_ENCODING);
        // {"proto": 9} in CBOR.
        Bytes::from_static(b"\xa1\x65proto\x09")
    } else {
        body
    };
    let asked = ends.http.request(method, format!("{}{asked}", ends.relay)).headers(headers).body(body).send().await;
    let Ok(reply) = asked else { return StatusCode::BAD_GATEWAY.into_response() };
    let status = reply.status();
    let kind = reply.headers().get(header::CONTENT_TYPE).cloned();
    let mut response = if fault == Fault::LoseReplies {
        drop(reply.bytes().await);
        let cut = std::io::Error::from(std::io::ErrorKind::ConnectionReset);
        Body::from_stream(futures_util::stream::iter([Err::<Bytes, _>(cut)])).into_response()
    } else if is_sync {
        let Ok(bytes) = reply.bytes().await else { return StatusCode::BAD_GATEWAY.into_response() };
        let mut carried = ends.carried.lock().unwrap_or_else(PoisonError::into_inner);
        (carried.n_syncs, carried.n_bytes) = (carried.n_syncs + 1, carried.n_bytes + bytes.len());
        drop(carried);
        let bytes = if status.is_success() { newer::sync_reply(fault, bytes) } else { bytes };
        Body::from(bytes).into_response()
    } else if is_roster {
        let Ok(bytes) = reply.bytes().await else { return StatusCode::BAD_GATEWAY.into_response() };
        ends.carried.lock().unwrap_or_else(PoisonError::into_inner).n_roster_bytes += bytes.len();
        let bytes = if is_newer { newer::roster(bytes) } else { bytes };
        Body::from(bytes).into_response()
    } else {
        Body::from_stream(reply.bytes_stream()).into_response()
    };
    *response.status_mut() = status;
    if let Some(kind) = kind {
        response.headers_mut().insert(header::CONTENT_TYPE, kind);
    }
    response
}
