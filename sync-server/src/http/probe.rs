//! Entry points to the decoders of untrusted input, without a socket, for fuzzing and for replaying its findings.

use super::packs::{Part, parse_range};
use super::{body, invites, sync};
use crate::room::Room;
use crate::secret::token_hash;
use axum::http::{HeaderMap, HeaderValue, header};
use porchlight_model::relay::{EnrolAsk, ForgetAsk, InviteAsk, InviteLookAsk, RefusalCode, TakeBackAsk};

/// Reads the body of a sync request as `POST /v1/sync` does.
///
/// # Errors
/// The code with which it is refused.
pub fn sync_request(is_gzip: bool, body: Vec<u8>) -> Result<(), RefusalCode> {
    let mut headers = HeaderMap::new();
    if is_gzip {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    let room = Room::new(usize::MAX);
    sync::read(&headers, body, &mut room.part()).map(drop).map_err(|refused| refused.code())
}

/// Reads bytes as each of the small JSON requests, and says how many of them they are.
#[must_use]
pub fn small_json(bytes: &[u8]) -> usize {
    let enrol = body::read_json::<EnrolAsk>(bytes).is_ok_and(|ask| {
        drop(invites::secret(&ask.secret));
        drop(body::plain_text(&ask.name, crate::limits::MAX_NAME_CHARS));
        token_hash(&ask.token).is_some()
    });
    let look = body::read_json::<InviteLookAsk>(bytes).is_ok_and(|ask| invites::secret(&ask.secret).is_ok());
    let invite = body::read_json::<InviteAsk>(bytes);
    let invite = invite.is_ok_and(|ask| body::plain_text(&ask.label, crate::limits::MAX_LABEL_CHARS).is_ok());
    let take_back = body::read_json::<TakeBackAsk>(bytes).is_ok();
    let forget = body::read_json::<ForgetAsk>(bytes).is_ok();
    [enrol, look, invite, take_back, forget].into_iter().filter(|is_one| *is_one).count()
}

/// Reads the text of a range header for a pack of so many bytes; whatever it says lies within the pack.
#[must_use]
pub fn range(text: &str, n_bytes: u64) -> bool {
    match parse_range(text, n_bytes) {
        Part::Some(range) => range.start < range.end && range.end <= n_bytes,
        Part::Whole | Part::Beyond => true,
    }
}
