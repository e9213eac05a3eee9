//! A large answer: its bytes count against the memory budget, and its device's slot is in use, until the last byte is sent.

use super::refuse::Refused;
use crate::at_once::Turn;
use crate::relay::Relay;
use crate::room::{Full, Held};
use crate::secret::SecretHash;
use axum::body::{Body, Bytes};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use porchlight_model::relay::RefusalCode;
use serde::Serialize;

/// The bytes of an answer, which the server holds until the client has read them, however slowly.
pub(super) struct Answer {
    bytes: Vec<u8>,
    _room: Held,
    _turn: Turn<SecretHash>,
}

impl Answer {
    /// An answer of these bytes, unless the memory budget is exhausted.
    pub(super) fn new(relay: &Relay, bytes: Vec<u8>, turn: Turn<SecretHash>) -> Result<Self, Full> {
        let mut room = relay.room.part();
        room.grow_to(bytes.len())?;
        Ok(Self::in_room(relay, bytes, room, turn))
    }

    /// An answer in JSON.
    pub(super) fn json(relay: &Relay, told: &impl Serialize, turn: Turn<SecretHash>) -> Result<Response, Refused> {
        let bytes = serde_json::to_vec(told)
            .map_err(|_| Refused::new(RefusalCode::Unavailable, "the answer could not be written"))?;
        let body = Self::new(relay, bytes, turn)?.into_body();
        Ok(([(header::CONTENT_TYPE, "application/json")], body).into_response())
    }

    /// An answer whose bytes are reserved already. They count against its device's limit, which delays its next answer where that is exceeded.
    pub(super) fn in_room(relay: &Relay, bytes: Vec<u8>, room: Held, turn: Turn<SecretHash>) -> Self {
        relay.device_told.owe(turn.key(), bytes.len() as u64, relay.now());
        Self { bytes, _room: room, _turn: turn }
    }

    /// The body.
    pub(super) fn into_body(self) -> Body {
        Body::from(Bytes::from_owner(self))
    }
}

impl AsRef<[u8]> for Answer {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}
