//! Reads request bodies under limits, before and after unfolding.

use super::refuse::Refused;
use crate::limits::MAX_JSON_BYTES;
use axum::body::{Body, HttpBody};
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, header};
use flate2::bufread::GzDecoder;
use futures_util::StreamExt;
use porchlight_model::relay::RefusalCode;
use serde::de::DeserializeOwned;
use std::io::Read;

/// Reads a body of at most `limit` bytes.
pub(super) async fn read(body: Body, limit: usize) -> Result<Vec<u8>, Refused> {
    // A body that says that it is too long is refused before any of it is read.
    if usize::try_from(body.size_hint().lower()).map_or(true, |n_bytes| n_bytes > limit) {
        return Err(too_large());
    }
    let mut bytes = Vec::new();
    let mut parts = body.into_data_stream();
    while let Some(part) = parts.next().await {
        let part = part.map_err(|_| Refused::malformed("the request was cut off"))?;
        if bytes.len() + part.len() > limit {
            return Err(too_large());
        }
        bytes.extend_from_slice(&part);
    }
    Ok(bytes)
}

/// Unfolds a gzipped body to at most `limit` bytes; gives any other back as it is.
pub(super) fn unfold(headers: &HeaderMap, bytes: Vec<u8>, limit: usize) -> Result<Vec<u8>, Refused> {
    match headers.get(header::CONTENT_ENCODING).map(|encoding| encoding.as_bytes()) {
        None | Some(b"identity") => Ok(bytes),
        Some(b"gzip") => {
            let mut unfolded = Vec::new();
            let one_more = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
            let mut gzip = GzDecoder::new(&*bytes).take(one_more);
            gzip.read_to_end(&mut unfolded).map_err(|_| Refused::malformed("the body is no gzip"))?;
            if unfolded.len() > limit {
                return Err(too_large());
            }
            let is_all = gzip.into_inner().into_inner().is_empty();
            if is_all { Ok(unfolded) } else { Err(Refused::malformed("something follows the gzip")) }
        }
        Some(_) => Err(Refused::malformed("a body is plain or gzip")),
    }
}

fn too_large() -> Refused {
    Refused::new(RefusalCode::TooLarge, "the request is over the limit")
}

/// A small JSON request.
pub(super) struct SmallJson<T>(pub(super) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for SmallJson<T> {
    type Rejection = Refused;

    async fn from_request(request: Request, _: &S) -> Result<Self, Refused> {
        let bytes = read(request.into_body(), MAX_JSON_BYTES).await?;
        Ok(Self(read_json(&bytes)?))
    }
}

/// Reads a small JSON request.
pub(super) fn read_json<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Refused> {
    serde_json::from_slice(bytes).map_err(|_| Refused::malformed("the body is not the JSON expected here"))
}

/// Trims a text for people and checks that it is there, is short and holds no control characters.
pub(super) fn plain_text(text: &str, max_chars: usize) -> Result<String, Refused> {
    let text = text.trim();
    if text.is_empty() || text.chars().any(char::is_control) {
        return Err(Refused::malformed("a name is empty or holds control characters"));
    }
    if text.chars().count() > max_chars {
        return Err(Refused::new(RefusalCode::TooLarge, "a name is too long"));
    }
    Ok(text.to_owned())
}
