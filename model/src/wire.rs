//! What travels in `POST /v1/sync`: CBOR, gzipped or not, safe to repeat byte for byte.
//!
//! See `docs/sync.md` for the promises. Every limit is stated here and checked by the relay.

use crate::id::{DocId, Sha256};
use crate::time::At;
use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;

/// The protocol version spoken by this program; a relay of another version refuses with [`crate::relay::RefusalCode::WrongVersion`].
pub const PROTO: u16 = 1;

/// The most bytes of one change.
pub const MAX_CHANGE_BYTES: usize = 64 * 1024;

/// The most bytes of a request, after unfolding.
pub const MAX_REQUEST_BYTES: usize = 4 * 1024 * 1024;

/// The most documents in one request; a client with more asks by feed.
pub const MAX_DOCS_PER_REQUEST: usize = 256;

/// The most changes pushed to one document in one request.
pub const MAX_PUSH_PER_DOC: usize = 2_000;

/// The most bytes of changes that a client may ask for in one reply.
pub const MAX_REPLY_BUDGET: u32 = 4 * 1024 * 1024;

/// What a client asks in one sync.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SyncAsk {
    /// [`PROTO`].
    pub proto: u16,
    /// The grant list this device holds, by its number; 0 when it has none.
    pub grants_seen: u64,
    /// The feed up to which this device has heard of changed documents; 0 from the start.
    pub feed: u64,
    /// The documents to push to and to hear about.
    pub docs: Vec<DocAsk>,
    /// The most bytes of changes wanted in the reply.
    pub budget: u32,
}

/// One document in a [`SyncAsk`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DocAsk {
    /// The document.
    pub doc: DocId,
    /// The relay's epoch that the cursor belongs to; 0 when never synced.
    pub epoch: u64,
    /// Up to where this device has the relay's log of this document.
    pub cursor: u64,
    /// What kind of document it is, when this device made it and no relay has acknowledged that.
    pub born: Option<DocKind>,
    /// Plain Automerge change chunks, dependencies before dependants.
    pub push: Vec<ByteBuf>,
}

/// What a document is about; decides who may read and write it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DocKind {
    /// Scripts, goals, members, the list of turf: one for each campaign.
    Campaign,
    /// What happened on one turf.
    Turf,
}

impl DocKind {
    /// The name as stored: `campaign`, `turf`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Campaign => "campaign",
            Self::Turf => "turf",
        }
    }

    /// Reads what [`Self::as_str`] gave.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Campaign, Self::Turf].into_iter().find(|kind| kind.as_str() == text)
    }
}

/// What a relay answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SyncReply {
    /// The relay's clock: tells a phone how wrong its own is.
    pub now: At,
    /// The relay's epoch: another one means that its log was restored and cursors start over.
    pub epoch: u64,
    /// Until when this device is served without another sync.
    pub lease_until: At,
    /// All grants of this device, when they differ from those it said it has.
    pub grants: Option<GrantList>,
    /// The feed up to which `news` tells.
    pub feed: u64,
    /// Documents changed since the asked feed, with the number of their last change.
    pub news: Vec<(DocId, u64)>,
    /// One answer for each asked document, in the same order.
    pub docs: Vec<DocReply>,
}

/// All that a device may read or write.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GrantList {
    /// The number of this list; rises with each change.
    pub number: u64,
    /// The grants.
    pub grants: Vec<Grant>,
}

/// What a device may do with one document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grant {
    /// The document.
    pub doc: DocId,
    /// What it is about.
    pub kind: DocKind,
    /// What the device may do.
    pub access: Access,
}

/// What a device may do with a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Access {
    /// Hear of changes.
    Read,
    /// Hear of changes and push them.
    Write,
    /// Push what it still holds, hear nothing, then drop the document: a turf that was taken back.
    HandIn,
}

impl Access {
    /// The name as stored: `read`, `write`, `hand_in`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
            Self::HandIn => "hand_in",
        }
    }

    /// Reads what [`Self::as_str`] gave.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Read, Self::Write, Self::HandIn].into_iter().find(|access| access.as_str() == text)
    }
}

/// One document in a [`SyncReply`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DocReply {
    /// The document.
    pub doc: DocId,
    /// Whether it was served.
    pub status: DocStatus,
    /// Pushed changes that are on the relay's disk, committed, whether by this request or before.
    pub acked: Vec<Sha256>,
    /// Pushed changes that are not, and why.
    pub rejected: Vec<Rejected>,
    /// Changes after the cursor, dependencies before dependants; those this request pushed are left out.
    pub changes: Vec<ByteBuf>,
    /// Up to where this device has the log once it has stored `changes`.
    pub cursor: u64,
    /// Whether more changes follow after `cursor`.
    pub is_more: bool,
    /// The relay's heads of this document, sorted.
    pub heads: Vec<Sha256>,
}

/// Whether a document was served.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DocStatus {
    /// Served.
    Served,
    /// Only what was pushed was taken in: the turf was taken back.
    HandIn,
    /// This device has no grant for it, or it does not exist.
    NoGrant,
}

/// A pushed change that was not taken in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rejected {
    /// The SHA-256 that names the change; of the pushed bytes where they are no change.
    pub hash: Sha256,
    /// Why.
    pub why: RejectReason,
}

/// Why a pushed change was not taken in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RejectReason {
    /// Not a plain change chunk, or larger than [`MAX_CHANGE_BYTES`], or its checksum is wrong.
    Malformed,
    /// A change it depends on is neither stored nor earlier in this push: send those first.
    MissingDeps,
    /// Its sequence number is not the next of its actor.
    SeqGap,
    /// Its actor writes for another device.
    ForeignActor,
    /// This device may only read the document.
    ReadOnly,
}
