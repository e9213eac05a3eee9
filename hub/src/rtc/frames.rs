//! Frames: HTTP requests and answers as messages on a data channel.
//!
//! ```text
//! message   4 bytes id, 1 byte: 1 when it is the last, then a piece of the whole
//! whole     4 bytes length of the head, the head as JSON, then the body
//! ```
//! Numbers are little-endian; `ui/static/hub.js` writes and reads the same.

use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, Uri};
use bytes::Bytes;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// The longest message on the channel.
pub const MAX_FRAME_BYTES: usize = 16 * 1024;

/// The longest head of a request, as JSON.
pub const MAX_HEAD_BYTES: usize = 16 * 1024;

/// The longest body of a request: the relay's `MAX_PACK_BYTES`.
pub const MAX_REQUEST_BYTES: usize = 8 * 1024 * 1024;

/// The longest body of an answer.
pub const MAX_ANSWER_BYTES: usize = 16 * 1024 * 1024;

/// How many requests a link may have begun whose answers are not yet sent.
pub const MAX_REQUESTS_AT_ONCE: usize = 4;

/// The memory budget for requests and answers of all links. A link whose request exceeds it is closed; an answer that exceeds it is refused.
pub const MAX_HELD_BYTES: usize = 256 * 1024 * 1024;

/// The length of a frame's id and its last-frame mark.
const FRAME_HEAD_BYTES: usize = 5;

/// The length of the field that holds the head's length.
const LENGTH_BYTES: usize = 4;

/// The longest request as a whole.
const MAX_WHOLE_BYTES: usize = LENGTH_BYTES + MAX_HEAD_BYTES + MAX_REQUEST_BYTES;

/// Why a client's frames cause its link to be closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum Broken {
    #[error("a frame cannot be read")]
    Frame,
    #[error("a request cannot be read")]
    Request,
    #[error("a request is too long")]
    TooLong,
    #[error("too many requests at once")]
    TooMany,
    #[error("too much is held already")]
    NoRoom,
}

/// One complete request.
#[derive(Debug)]
pub(super) struct Request {
    pub(super) method: Method,
    pub(super) uri: Uri,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
    /// The body's share of the memory budget, released together with it.
    pub(super) room: Option<OwnedSemaphorePermit>,
}

/// Reassembles requests from their frames.
#[derive(Default)]
pub(super) struct Inbox {
    begun: BTreeMap<u32, Begun>,
}

#[derive(Default)]
struct Begun {
    bytes: Vec<u8>,
    room: Option<OwnedSemaphorePermit>,
}

impl Inbox {
    /// The number of incomplete requests.
    pub(super) fn n_begun(&self) -> usize {
        self.begun.len()
    }

    /// Takes one frame; returns the request that it completes.
    pub(super) fn take(&mut self, frame: &[u8], room: &Arc<Semaphore>) -> Result<Option<(u32, Request)>, Broken> {
        let Some((head, piece)) = frame.split_at_checked(FRAME_HEAD_BYTES) else { return Err(Broken::Frame) };
        let &[a, b, c, d, mark @ (0 | 1)] = head else { return Err(Broken::Frame) };
        if piece.is_empty() || frame.len() > MAX_FRAME_BYTES {
            return Err(Broken::Frame);
        }
        let id = u32::from_le_bytes([a, b, c, d]);
        let begun = self.begun.entry(id).or_default();
        if begun.bytes.len() + piece.len() > MAX_WHOLE_BYTES {
            return Err(Broken::TooLong);
        }
        let more = take_room(room, piece.len()).ok_or(Broken::NoRoom)?;
        match &mut begun.room {
            Some(room) => room.merge(more),
            none @ None => *none = Some(more),
        }
        begun.bytes.extend_from_slice(piece);
        if mark == 0 {
            return Ok(None);
        }
        let Begun { bytes, room } = self.begun.remove(&id).unwrap_or_default();
        Ok(Some((id, Request { room, ..read_request(bytes)? })))
    }
}

/// Reserves `n_bytes` of the budget; `None` when they are not available.
pub(super) fn take_room(room: &Arc<Semaphore>, n_bytes: usize) -> Option<OwnedSemaphorePermit> {
    Arc::clone(room).try_acquire_many_owned(u32::try_from(n_bytes).ok()?).ok()
}

#[derive(Deserialize)]
struct RequestHead {
    method: String,
    path: String,
    #[serde(default)]
    headers: BTreeMap<String, String>,
}

fn read_request(bytes: Vec<u8>) -> Result<Request, Broken> {
    let bytes = Bytes::from(bytes);
    let (length, rest) = bytes.split_first_chunk::<LENGTH_BYTES>().ok_or(Broken::Request)?;
    let n_head = usize::try_from(u32::from_le_bytes(*length)).map_err(|_| Broken::Request)?;
    if n_head > MAX_HEAD_BYTES {
        return Err(Broken::TooLong);
    }
    let head = rest.get(..n_head).ok_or(Broken::Request)?;
    let body = bytes.slice(LENGTH_BYTES + n_head..);
    if body.len() > MAX_REQUEST_BYTES {
        return Err(Broken::TooLong);
    }
    let head: RequestHead = serde_json::from_slice(head).map_err(|_| Broken::Request)?;
    if !head.path.starts_with('/') {
        return Err(Broken::Request);
    }
    let method = Method::from_bytes(head.method.as_bytes()).map_err(|_| Broken::Request)?;
    let uri = Uri::try_from(head.path).map_err(|_| Broken::Request)?;
    let mut headers = HeaderMap::new();
    for (name, value) in &head.headers {
        let name = HeaderName::from_bytes(name.as_bytes()).map_err(|_| Broken::Request)?;
        headers.append(name, HeaderValue::from_str(value).map_err(|_| Broken::Request)?);
    }
    // The length of the body that arrived overrides what the client claims.
    headers.insert(axum::http::header::CONTENT_LENGTH, HeaderValue::from(body.len()));
    Ok(Request { method, uri, headers, body, room: None })
}

#[derive(Serialize)]
struct AnswerHead<'a> {
    status: u16,
    headers: BTreeMap<&'a str, String>,
}

/// An answer that is being sent frame by frame.
pub(super) struct Answer {
    id: u32,
    /// The head, preceded by its length.
    head: Vec<u8>,
    body: Bytes,
    n_sent: usize,
    _room: Option<OwnedSemaphorePermit>,
}

impl Answer {
    /// An answer with a body; header lines of the same name are joined.
    pub(super) fn new(
        id: u32,
        status: u16,
        headers: &HeaderMap,
        body: Bytes,
        room: Option<OwnedSemaphorePermit>,
    ) -> Self {
        let mut lines = BTreeMap::<&str, String>::new();
        for (name, value) in headers {
            let Ok(value) = value.to_str() else { continue };
            let line = lines.entry(name.as_str()).or_default();
            if !line.is_empty() {
                line.push_str(", ");
            }
            line.push_str(value);
        }
        // Writing text to memory does not fail.
        let head = serde_json::to_vec(&AnswerHead { status, headers: lines }).unwrap_or_default();
        let length = u32::try_from(head.len()).unwrap_or(u32::MAX);
        let head = [&length.to_le_bytes(), &*head].concat();
        Self { id, head, body, n_sent: 0, _room: room }
    }

    /// An answer without a body.
    pub(super) fn empty(id: u32, status: u16) -> Self {
        Self::new(id, status, &HeaderMap::new(), Bytes::new(), None)
    }

    /// The next frame; the same one until [`Answer::sent`] is called.
    pub(super) fn frame(&self) -> Vec<u8> {
        let end = (self.n_sent + MAX_FRAME_BYTES - FRAME_HEAD_BYTES).min(self.len());
        let part = |whole: &[u8], before: usize| {
            let at = |n: usize| n.saturating_sub(before).min(whole.len());
            whole[at(self.n_sent)..at(end)].to_vec()
        };
        let mark = u8::from(end == self.len());
        [&self.id.to_le_bytes(), &[mark][..], &part(&self.head, 0), &part(&self.body, self.head.len())].concat()
    }

    /// Marks the next frame as sent; returns whether it was the last.
    pub(super) fn sent(&mut self) -> bool {
        self.n_sent = (self.n_sent + MAX_FRAME_BYTES - FRAME_HEAD_BYTES).min(self.len());
        self.n_sent == self.len()
    }

    fn len(&self) -> usize {
        self.head.len() + self.body.len()
    }
}
