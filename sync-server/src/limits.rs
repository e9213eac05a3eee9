//! Every limit that the relay sets beside those of the protocol itself in `porchlight_model::wire` and `porchlight_model::relay`.

use std::time::Duration;

/// The most bytes of a small JSON request.
pub const MAX_JSON_BYTES: usize = 64 * 1024;

/// The most characters of a person's or a campaign's name.
pub const MAX_NAME_CHARS: usize = 80;

/// The most characters of an invite's label.
pub const MAX_LABEL_CHARS: usize = 120;

/// The most turf documents that one invite hands out.
pub const MAX_INVITE_DOCS: usize = 64;

/// The most documents of one campaign; one created beyond that is refused.
pub const MAX_CAMPAIGN_DOCS: i64 = 50_000;

/// The most devices of one campaign that are known by their changes alone, after a restore; changes of further ones are refused.
/// Each has heads of its own.
pub const MAX_PLACEHOLDERS: i64 = 500;

/// The maximum number of documents in one reply's news; the feed stops there and the next request continues.
pub const MAX_NEWS: usize = 10_000;

/// The most streams of hints that one device may hold open.
pub const MAX_STREAMS_PER_DEVICE: u32 = 4;

/// The default number of concurrent requests of one device; hint streams are counted separately.
pub const DEVICE_AT_ONCE: u32 = 6;

/// How many requests of one device may wait for the store's writer, where nothing else is set. It is more than may be under way: a
/// device that hangs up leaves its request waiting.
pub const DEVICE_QUEUE: u32 = 16;

/// A lease is renewed once it is this old, in milliseconds: else each result of a phone that has signal would write its device's row.
pub const RENEW_AFTER_MS: i64 = 60 * 60 * 1000;

/// The most headers of one request.
pub const MAX_HEADERS: usize = 64;

/// The most bytes of a request's head.
pub const MAX_HEAD_BYTES: usize = 16 * 1024;

/// How long a client may take to send a request's head, where nothing else is set.
pub const HEAD_WAIT: Duration = Duration::from_secs(10);

/// How long one request may take, body and answer together, where nothing else is set; streams of hints may stay.
pub const REQUEST_WAIT: Duration = Duration::from_secs(60);

/// How long a client may leave unread what it is sent before its connection is closed, where nothing else is set.
pub const UNREAD_WAIT: Duration = Duration::from_secs(60);

/// How many bytes requests and answers over [`crate::room::SMALL_BYTES`] may take at once, of all devices together, where nothing else is set.
pub const LARGE_BYTES: usize = 256 * 1024 * 1024;

/// The least that may be set for [`LARGE_BYTES`], in mebibytes: any one request and its answer fit.
pub const MIN_LARGE_MIB: u32 = 32;

/// How long a stopping relay waits for running requests.
pub const DRAIN_WAIT: Duration = Duration::from_secs(10);

/// The time over which the streams of a relay are told to sync after lost hints, to avoid a burst of requests.
pub const GAP_SPREAD: Duration = Duration::from_secs(10);

/// The keep-alive interval of a quiet stream of hints.
pub const KEEP_ALIVE: Duration = Duration::from_secs(20);
