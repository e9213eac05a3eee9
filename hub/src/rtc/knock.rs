//! The ICE credentials that are derived from the certificate's fingerprint, and the check of who connects with them.

use super::crypto::sha1_hmac;
use str0m::IceCreds;
use str0m::ice::StunMessage;

/// The longest name a client may give itself (RFC 8839, 5.4).
const MAX_NAME_BYTES: usize = 256;

/// The head of any STUN message.
const STUN_HEAD_BYTES: usize = 20;

/// The hub's ICE user name and password, as the page derives them (`ui/static/hub.js`): the first 8 hex digits of the
/// certificate's fingerprint, and the next 32.
pub(super) fn credentials(fingerprint: [u8; 32]) -> IceCreds {
    let digits = hex::encode(fingerprint);
    IceCreds { ufrag: digits[..8].to_owned(), pass: digits[8..40].to_owned() }
}

/// Returns the client's name when a datagram is a binding request (RFC 8489) that is authenticated with the hub's password.
pub(super) fn client_of(hub: &IceCreds, datagram: &[u8]) -> Option<String> {
    if datagram.len() < STUN_HEAD_BYTES {
        return None;
    }
    let message = StunMessage::parse(datagram).ok()?;
    if !message.is_binding_request() {
        return None;
    }
    let (to, from) = message.split_username()?;
    let is_name = !from.is_empty() && from.len() <= MAX_NAME_BYTES;
    (is_name && to == hub.ufrag && message.verify(hub.pass.as_bytes(), sha1_hmac)).then(|| from.to_owned())
}
