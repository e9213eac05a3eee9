//! Middleware for every request: a time limit, one log line and metrics, with only route, status and time. Answers are not cacheable.

use super::refuse::{Refused, StoreFailed, Why};
use crate::relay::Relay;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use tokio::time::Instant;

/// Counts and logs a request. The route's pattern stands for its path, so that no id, hash or query string is logged.
pub(super) async fn observe(State(relay): State<Relay>, request: Request, next: Next) -> Response {
    let started = Instant::now();
    let method = request.method().clone();
    let route =
        request.extensions().get::<MatchedPath>().map_or_else(|| "web".to_owned(), |path| path.as_str().to_owned());
    let mut response = next.run(request).await;
    let took = started.elapsed();
    let status = response.status().as_u16();
    relay.meters.request(&route, status, took);
    if let Some(Why(why)) = response.extensions().get::<Why>() {
        relay.meters.refused(why);
    }
    if response.extensions().get::<StoreFailed>().is_some() {
        relay.meters.store_failures.inc();
    }
    let ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
    tracing::info!(%method, route, status, ms, "request");
    response.headers_mut().insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}

/// Aborts a request that takes too long, including its body; a stream of hints counts as answered once it has begun.
pub(super) async fn within_time(State(relay): State<Relay>, request: Request, next: Next) -> Response {
    match tokio::time::timeout(relay.request_wait, next.run(request)).await {
        Ok(response) => response,
        Err(_) => {
            let mut response = Refused::malformed("the request took too long").into_response();
            *response.status_mut() = StatusCode::REQUEST_TIMEOUT;
            response.extensions_mut().insert(Why("too_slow"));
            response
        }
    }
}

/// Forbids caches to store personal data: a browser's cache would outlive the clearing of a phone.
pub(super) async fn keep_nowhere(mut response: Response) -> Response {
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
