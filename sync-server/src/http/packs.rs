//! `/v1/packs/{sha256}`: content-addressed blobs, verified on arrival, served whole or in ranges to devices with access to one of their documents.

use super::answer::Answer;
use super::body;
use super::caller::Known;
use super::refuse::Refused;
use crate::relay::Relay;
use axum::body::Body;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use porchlight_model::id::{DocId, Sha256};
use porchlight_model::relay::RefusalCode;
use porchlight_model::turf::MAX_PACK_BYTES;
use serde::Deserialize;
use sha2::Digest;
use std::ops::Range;

/// The document that a pack is for.
#[derive(Deserialize)]
pub(super) struct For {
    doc: DocId,
}

/// `PUT /v1/packs/{sha256}?doc=…`
pub(super) async fn put(
    State(relay): State<Relay>,
    Known(caller, _turn): Known,
    Path(name): Path<String>,
    query: Result<Query<For>, axum::extract::rejection::QueryRejection>,
    body: Body,
) -> Result<StatusCode, Refused> {
    let hash = pack_name(&name)?;
    let Ok(Query(For { doc })) = query else { return Err(Refused::malformed("say the document: ?doc=<id>")) };
    if !caller.role.sees_all_turf() {
        return Err(Refused::new(RefusalCode::NotAllowed, "only captains and coordinators send packs"));
    }
    let mut room = relay.room.part();
    let bytes = body::read(body, MAX_PACK_BYTES, &mut room).await?;
    if sha2::Sha256::digest(&bytes)[..] != hash.0 {
        return Err(Refused::malformed("the bytes are not those that the name says"));
    }
    relay.store.put_pack(caller, doc, hash, bytes).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `GET` and `HEAD /v1/packs/{sha256}`
pub(super) async fn get(
    State(relay): State<Relay>,
    Known(caller, turn): Known,
    Path(name): Path<String>,
    method: Method,
    headers: HeaderMap,
) -> Result<Response, Refused> {
    let hash = pack_name(&name)?;
    let n_bytes = relay.store.pack(caller, hash, 0..0).await?.n_bytes;
    let asked = headers.get(header::RANGE).and_then(|range| range.to_str().ok());
    let part = asked.map_or(Part::Whole, |range| parse_range(range, n_bytes));
    let (status, range) = match part {
        Part::Whole => (StatusCode::OK, 0..n_bytes),
        Part::Some(range) => (StatusCode::PARTIAL_CONTENT, range),
        Part::Beyond => {
            let mut response = Refused::malformed("the pack has no such range").into_response();
            *response.status_mut() = StatusCode::RANGE_NOT_SATISFIABLE;
            response.headers_mut().extend(content_range(&format!("bytes */{n_bytes}")));
            return Ok(response);
        }
    };
    let len = range.end - range.start;
    let content = [
        (header::CONTENT_TYPE, "application/octet-stream".to_owned()),
        (header::CONTENT_LENGTH, len.to_string()),
        (header::ACCEPT_RANGES, "bytes".to_owned()),
        (header::ETAG, format!("\"{hash}\"")),
    ];
    let place = (status == StatusCode::PARTIAL_CONTENT)
        .then(|| content_range(&format!("bytes {}-{}/{n_bytes}", range.start, range.end - 1)));
    let body = if method == Method::HEAD {
        Body::empty()
    } else {
        let mut room = relay.room.part();
        room.grow_to(usize::try_from(len).unwrap_or(usize::MAX))?;
        let bytes = relay.store.pack(caller, hash, range).await?.bytes;
        Answer::in_room(&relay, bytes, room, turn).into_body()
    };
    Ok((status, content, place.unwrap_or_default(), body).into_response())
}

fn pack_name(name: &str) -> Result<Sha256, Refused> {
    name.parse().map_err(|_| Refused::malformed("a pack is named by the SHA-256 of its bytes"))
}

fn content_range(text: &str) -> HeaderMap {
    let value = text.parse().ok();
    value.map(|value| (header::CONTENT_RANGE, value)).into_iter().collect()
}

/// The requested range of a pack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Part {
    /// No range, or one that cannot be parsed: the whole pack.
    Whole,
    /// These bytes.
    Some(Range<u64>),
    /// A range beyond the end of the pack.
    Beyond,
}

/// Reads `bytes=first-last`, `bytes=first-` and `bytes=-last_n`; several ranges at once are answered with the whole (RFC 9110, 14.2).
pub(super) fn parse_range(text: &str, n_bytes: u64) -> Part {
    let Some((first, last)) = text.strip_prefix("bytes=").and_then(|range| range.split_once('-')) else {
        return Part::Whole;
    };
    let range = match (first.trim().parse::<u64>(), last.trim().parse::<u64>()) {
        (Ok(first), Ok(last)) if first <= last => first..last.saturating_add(1).min(n_bytes),
        (Ok(first), Err(_)) if last.trim().is_empty() => first..n_bytes,
        (Err(_), Ok(last_n)) if first.trim().is_empty() => n_bytes.saturating_sub(last_n)..n_bytes,
        _ => return Part::Whole,
    };
    if range.start < range.end { Part::Some(range) } else { Part::Beyond }
}
