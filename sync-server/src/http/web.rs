//! Serves the web app's folder: paths without an extension are pages of the app, files come compressed where a `.br` lies beside them.

use crate::relay::Relay;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use tower_http::services::ServeDir;

/// The Content-Security-Policy of the app's pages: only what is named, from this origin. The native window's policy is the same.
const CONTENT_POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; \
     style-src 'self'; font-src 'self'; img-src 'self' data: blob:; manifest-src 'self'; \
     base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// The policy with the relays that the app may connect to: this one, and the others over the same store.
fn content_policy(relays: &[String]) -> HeaderValue {
    let others: String = relays.iter().map(|relay| format!(" {relay}")).collect();
    // An address that is not a valid header value is not one that a browser could connect to.
    let policy = format!("{CONTENT_POLICY}; connect-src 'self'{others}");
    HeaderValue::from_str(&policy).unwrap_or_else(|_| HeaderValue::from_static(CONTENT_POLICY))
}

/// Answers every path outside the API.
pub(super) async fn serve(State(relay): State<Relay>, mut request: Request) -> Response {
    let live = relay.live();
    let Some(folder) = &live.web else {
        let text = "This is a Porchlight relay. It serves no web app: start it with --web FOLDER to serve one.\n";
        return (StatusCode::NOT_FOUND, text).into_response();
    };
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return StatusCode::METHOD_NOT_ALLOWED.into_response();
    }
    let file = request.uri().path().rsplit('/').next().unwrap_or_default().to_owned();
    let is_page = !file.contains('.');
    if is_page {
        *request.uri_mut() = Uri::from_static("/index.html");
    }
    let mut files = ServeDir::new(folder).precompressed_br().append_index_html_on_directories(false);
    let mut response = match files.try_call(request).await {
        Ok(response) => response.map(Body::new),
        Err(error) => {
            tracing::error!(%error, "the web app's folder cannot be read");
            return StatusCode::INTERNAL_SERVER_ERROR.into_response();
        }
    };
    let is_kept = response.status().is_success() && is_hashed(&file);
    let keep = if is_kept { "public, max-age=31536000, immutable" } else { "no-cache" };
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, content_policy(&live.relays));
    add(
        response.headers_mut(),
        &[
            (header::CACHE_CONTROL, keep),
            (header::REFERRER_POLICY, "no-referrer"),
            (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
            (HeaderName::from_static("permissions-policy"), "camera=(self), geolocation=(self), microphone=()"),
        ],
    );
    response
}

fn add(headers: &mut HeaderMap, more: &[(HeaderName, &'static str)]) {
    for (name, value) in more {
        headers.insert(name, HeaderValue::from_static(value));
    }
}

/// Whether a file's name carries the hash of its content: a part of eight or more hexadecimal digits, at least one of them decimal.
fn is_hashed(file: &str) -> bool {
    file.split(['-', '.', '_']).any(|part| {
        let is_hex = part.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        part.len() >= 8 && is_hex && part.bytes().any(|byte| byte.is_ascii_digit())
    })
}
