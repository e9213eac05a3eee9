//! Entry points for fuzzers to the decoders of untrusted input.

use super::frames::{Inbox, MAX_HELD_BYTES};
use super::knock::{client_of, credentials};
use std::sync::Arc;
use tokio::sync::Semaphore;

/// Decodes messages of a data channel, each preceded by its length as a little-endian `u16`; returns the number of requests.
#[must_use]
pub fn frames(mut bytes: &[u8]) -> usize {
    let (mut inbox, room, mut n_requests) = (Inbox::default(), Arc::new(Semaphore::new(MAX_HELD_BYTES)), 0);
    while let Some((length, rest)) = bytes.split_first_chunk::<2>() {
        let (frame, rest) = rest.split_at(usize::from(u16::from_le_bytes(*length)).min(rest.len()));
        match inbox.take(frame, &room) {
            Ok(request) => n_requests += usize::from(request.is_some()),
            Err(_) => break,
        }
        bytes = rest;
    }
    n_requests
}

/// Decodes a datagram from a client without a link; returns whether it has the credentials of the hub with fingerprint 0.
#[must_use]
pub fn knock(datagram: &[u8]) -> bool {
    client_of(&credentials([0; 32]), datagram).is_some()
}
