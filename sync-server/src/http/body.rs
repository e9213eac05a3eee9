//! Reads request bodies within limits, before and after decompression.

use super::refuse::Refused;
use crate::limits::MAX_JSON_BYTES;
use crate::relay::Relay;
use crate::room::{Held, SMALL_BYTES};
use axum::body::{Body, HttpBody};
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, header};
use flate2::bufread::GzDecoder;
use futures_util::StreamExt;
use porchlight_model::relay::RefusalCode;
use serde::de::DeserializeOwned;
use std::io::Read;

/// How many bytes are decompressed between checks of the memory budget.
const UNFOLD_STEP: u64 = 64 * 1024;

/// Reads a body of at most `limit` bytes, as far as there is room for it.
pub(super) async fn read(body: Body, limit: usize, room: &mut Held) -> Result<Vec<u8>, Refused> {
    // A body whose declared length is too large is refused before any of it is read.
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
        room.grow_to(bytes.len() + part.len())?;
        bytes.extend_from_slice(&part);
    }
    Ok(bytes)
}

/// Unfolds a gzipped body to at most `limit` bytes, as far as there is room for it beside the body itself; gives any other back as it is.
pub(super) fn unfold(headers: &HeaderMap, bytes: Vec<u8>, limit: usize, room: &mut Held) -> Result<Vec<u8>, Refused> {
    match headers.get(header::CONTENT_ENCODING).map(|encoding| encoding.as_bytes()) {
        None | Some(b"identity") => Ok(bytes),
        Some(b"gzip") => {
            let (mut unfolded, mut gzip) = (Vec::new(), GzDecoder::new(&*bytes));
            loop {
                let mut step = gzip.by_ref().take(UNFOLD_STEP);
                match step.read_to_end(&mut unfolded).map_err(|_| Refused::malformed("the body is no gzip"))? {
                    0 => break,
                    _ if unfolded.len() > limit => return Err(too_large()),
                    _ => room.grow_to(bytes.len() + unfolded.len())?,
                }
            }
            let is_all = gzip.into_inner().is_empty();
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

// Small requests do not count against the memory budget.
const _: () = assert!(MAX_JSON_BYTES <= SMALL_BYTES);

impl<T: DeserializeOwned> FromRequest<Relay> for SmallJson<T> {
    type Rejection = Refused;

    async fn from_request(request: Request, relay: &Relay) -> Result<Self, Refused> {
        let bytes = read(request.into_body(), MAX_JSON_BYTES, &mut relay.room.part()).await?;
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
