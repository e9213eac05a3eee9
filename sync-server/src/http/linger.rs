//! A request that is refused before its whole body was read: the rest is read and discarded, so that the client, still sending, receives the
//! answer. A proxy would take the broken connection for a broken relay and stop routing to it.

use axum::body::{Body, Bytes, HttpBody};
use axum::extract::Request;
use axum::http::header;
use axum::middleware::Next;
use axum::response::Response;
use futures_util::StreamExt;
use hyper::body::{Frame, SizeHint};
use porchlight_model::turf::MAX_PACK_BYTES;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

/// The most bytes of a request that are discarded; one that declares more is cut off.
const MAX_BYTES: usize = 2 * MAX_PACK_BYTES;

/// How long the rest of a request is read.
const WAIT: Duration = Duration::from_secs(10);

/// Drains the body of a request that a handler answered before its end.
pub(super) async fn linger(request: Request, next: Next) -> Response {
    // A client that waits for `100 Continue` sends no body when it is refused.
    if request.headers().contains_key(header::EXPECT) {
        return next.run(request).await;
    }
    next.run(request.map(|body| Body::new(Lingering(Some(body))))).await
}

/// A body that is drained when it is dropped; `None` once its end was read.
struct Lingering(Option<Body>);

impl HttpBody for Lingering {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let Some(body) = &mut self.0 else { return Poll::Ready(None) };
        let frame = Pin::new(body).poll_frame(cx);
        if matches!(frame, Poll::Ready(None | Some(Err(_)))) {
            self.0 = None;
        }
        frame
    }

    fn is_end_stream(&self) -> bool {
        self.0.as_ref().is_none_or(HttpBody::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        self.0.as_ref().map_or_else(|| SizeHint::with_exact(0), HttpBody::size_hint)
    }
}

impl Drop for Lingering {
    fn drop(&mut self) {
        let Some(body) = self.0.take().filter(|body| !body.is_end_stream()) else { return };
        let is_short = usize::try_from(body.size_hint().lower()).is_ok_and(|n_bytes| n_bytes <= MAX_BYTES);
        if let (true, Ok(runtime)) = (is_short, tokio::runtime::Handle::try_current()) {
            runtime.spawn(async { drop(tokio::time::timeout(WAIT, throw_away(body)).await) });
        }
    }
}

async fn throw_away(body: Body) {
    let (mut n_bytes, mut parts) = (0, body.into_data_stream());
    while let Some(Ok(part)) = parts.next().await {
        n_bytes += part.len();
        if n_bytes > MAX_BYTES {
            return;
        }
    }
}
