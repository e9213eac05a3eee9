//! The types of `POST /v1/sync`: CBOR, optionally gzipped, idempotent.
//!
//! See `docs/sync.md` for the promises. Every limit is stated here and checked by the relay.

use crate::id::{DocId, Sha256};
use crate::open::open_names;
use crate::time::At;
use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;

/// The version of the protocol in which requests are written, unless the relay says that it reads none so old: see [`crate::versions`].
pub const PROTO: u16 = crate::versions::Versions::OURS.oldest;

/// The most bytes of one change.
pub const MAX_CHANGE_BYTES: usize = 64 * 1024;

/// The maximum size of a request after decompression, in bytes.
pub const MAX_REQUEST_BYTES: usize = 4 * 1024 * 1024;

/// The most documents in one request; a client with more asks by feed.
pub const MAX_DOCS_PER_REQUEST: usize = 256;

/// The most changes pushed to one document in one request.
pub const MAX_PUSH_PER_DOC: usize = 2_000;

/// The most heads of one document that were written for one device. An honest device writes on top of what it wrote: it has one, and one
/// more for each copy of its database. Whoever writes next names all heads in a change, whose size is bounded.
pub const MAX_HEADS_PER_DEVICE: usize = 64;

/// The most bytes of changes that a client may ask for in one reply.
pub const MAX_REPLY_BUDGET: u32 = 4 * 1024 * 1024;

/// The most bytes of a snapshot; a larger document is sent change by change.
pub const MAX_SNAPSHOT_BYTES: usize = 2 * 1024 * 1024;

/// The maximum size of a decompressed snapshot, in bytes.
pub const MAX_SNAPSHOT_UNFOLDED_BYTES: usize = 16 * 1024 * 1024;

/// A client's sync request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SyncAsk {
    /// The version in which this is written; the oldest that the device speaks, usually.
    pub proto: u16,
    /// The newest version in which the device understands the answer; `None` from a device that speaks `proto` alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub newest: Option<u16>,
    /// The grant list this device holds, by its number; 0 when it has none.
    pub grants_seen: u64,
    /// This device's feed cursor; 0 from the start.
    pub feed: u64,
    /// The documents to push to and to hear about; of the others, `feed` tells whether anything happened.
    pub docs: Vec<DocAsk>,
    /// The most bytes of changes wanted in the reply.
    pub budget: u32,
    /// The list of relays this device holds; `None` from a device of an older version, which receives the list only together with its grants.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub relays: Option<RelaysDigest>,
}

/// Four bytes that stand for the addresses of all relays, in their order: two different lists have one digest by a chance of 2⁻³².
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RelaysDigest(pub u32);

impl RelaysDigest {
    /// The digest of a list (FNV-1a; each address ends with a byte that is in none).
    #[must_use]
    pub fn of(relays: &[String]) -> Self {
        let bytes = relays.iter().flat_map(|relay| relay.bytes().chain([0xff]));
        Self(bytes.fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)))
    }
}

/// One document in a [`SyncAsk`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DocAsk {
    /// The document.
    pub doc: DocId,
    /// The relay's epoch that the cursor belongs to; 0 when never synced.
    pub epoch: u64,
    /// This device's cursor in the relay's log of this document.
    pub cursor: u64,
    /// What kind of document it is, when this device made it and no relay has acknowledged that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub born: Option<DocKind>,
    /// The heads this device has, `push` included: a relay with the same ones and nothing else to say leaves the document out of its answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub heads: Option<HeadsDigest>,
    /// Whether some of `push` was written on other devices: handed over by file, or held again for a relay that was restored.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub carries: bool,
    /// Plain Automerge change chunks, dependencies before dependants.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub push: Vec<ByteBuf>,
}

/// Eight bytes that stand for a document's heads: the first eight of each, folded by exclusive or. Heads are SHA-256 hashes, so two
/// different sets have one digest by a chance of 2⁻⁶⁴.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct HeadsDigest(pub u64);

impl HeadsDigest {
    /// The digest of some heads, in any order.
    #[must_use]
    pub fn of(heads: &[Sha256]) -> Self {
        let first = |hash: &Sha256| hash.0.iter().take(8).fold(0, |word, byte| word << 8 | u64::from(*byte));
        Self(heads.iter().map(first).fold(0, |all, word| all ^ word))
    }
}

open_names! {
    /// What a document is about; decides who may read and write it. Of a kind that a program does not know, a device keeps what it is told, and
    /// projects nothing; a relay leaves it to newer ones.
    pub enum DocKind {
        /// Scripts, members, waves, the list of turf: one for each campaign, which everybody reads.
        Campaign = "campaign",
        /// What happened on one turf.
        Turf = "turf",
        /// Goals, saved lists, settings: one for each campaign, which only the office has.
        Office = "office",
    }
}

/// A relay's sync reply.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SyncReply {
    /// The version in which this is written: the highest that both speak. `None` is the one that the request is written in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proto: Option<u16>,
    /// The relay's clock, from which a phone computes its skew.
    pub now: At,
    /// The relay's epoch: another one means that its log was restored and cursors start over.
    pub epoch: u64,
    /// Until when this device is served without another sync.
    pub lease_until: At,
    /// The addresses of all relays that serve this campaign, when they differ from those the device said it has; an empty list where the
    /// operator names none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub relays: Option<Vec<String>>,
    /// All grants of this device, when they differ from those it said it has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grants: Option<GrantList>,
    /// The feed up to which `news` tells.
    pub feed: u64,
    /// Documents in which something happened since the asked feed, other than those answered whole here.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub news: Vec<News>,
    /// An answer for each asked document in the order of asking. One that is left out is served, took in all that was pushed, if
    /// anything, has the heads that were asked with, and nothing more to tell.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub docs: Vec<DocReply>,
}

/// What happened in one document, on the wire as `[doc, last, seen]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "(DocId, u64, u64)", into = "(DocId, u64, u64)")]
pub struct News {
    /// The document.
    pub doc: DocId,
    /// The number of its last change.
    pub last: u64,
    /// Up to which number a coordinator's device has stored it.
    pub seen: u64,
}

impl From<(DocId, u64, u64)> for News {
    fn from((doc, last, seen): (DocId, u64, u64)) -> Self {
        Self { doc, last, seen }
    }
}

impl From<News> for (DocId, u64, u64) {
    fn from(News { doc, last, seen }: News) -> Self {
        (doc, last, seen)
    }
}

/// All that a device may read or write.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GrantList {
    /// The number of this list; rises with each change.
    pub number: u64,
    /// The grants.
    pub grants: Vec<Grant>,
    /// Whether it leaves out documents that only a newer relay over the same store knows how to grant: what is not named is kept, and the
    /// list is not the one of its number.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_partial: bool,
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

open_names! {
    /// What a device may do with a document.
    pub enum Access {
        /// Hear of changes.
        Read = "read",
        /// Hear of changes and push them.
        Write = "write",
        /// Push what it still holds, receive nothing, then remove the document: a turf that was taken back.
        HandIn = "hand_in",
    }
}

/// One document in a [`SyncReply`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DocReply {
    /// The document.
    pub doc: DocId,
    /// Whether it was served.
    #[serde(default, skip_serializing_if = "DocStatus::is_served")]
    pub status: DocStatus,
    /// Pushed changes that are on the relay's disk, committed, whether by this request or before.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub acked: Vec<Acked>,
    /// Pushed changes that are not, and why.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rejected: Vec<Rejected>,
    /// The beginning of the log, folded, for a device that has nothing of it: gzip over changes in the log's order, each behind its
    /// length in four bytes, the lowest first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub snapshot: Option<ByteBuf>,
    /// Changes after the cursor, or after the snapshot, dependencies before dependants; those this request pushed are left out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<ByteBuf>,
    /// Up to where this device has the log once it has stored `changes`.
    pub cursor: u64,
    /// Up to which number a coordinator's device has stored the document.
    pub seen: u64,
    /// Whether more changes follow after `cursor`.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_more: bool,
    /// The relay's heads of this document, sorted; empty where they are those that were asked with.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub heads: Vec<Sha256>,
}

/// A pushed change that is on the relay's disk, on the wire as `[hash, n]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "(Sha256, u64)", into = "(Sha256, u64)")]
pub struct Acked {
    /// The change.
    pub hash: Sha256,
    /// Its number in the relay's log of the document.
    pub n: u64,
}

impl From<(Sha256, u64)> for Acked {
    fn from((hash, n): (Sha256, u64)) -> Self {
        Self { hash, n }
    }
}

impl From<Acked> for (Sha256, u64) {
    fn from(Acked { hash, n }: Acked) -> Self {
        (hash, n)
    }
}

open_names! {
    /// Whether a document was served.
    #[derive(Default)]
    pub enum DocStatus {
        /// Served.
        #[default]
        Served = "served",
        /// Only pushes are accepted, because the turf was taken back.
        HandIn = "hand_in",
        /// This device has no grant for it, or it does not exist.
        NoGrant = "no_grant",
        /// Only a newer relay over the same store knows what the document is, or what this device may do with it: nothing was taken in, and
        /// everything is kept and asked for again.
        Unavailable = "unavailable",
    }
}

impl DocStatus {
    /// Whether this is [`Self::Served`].
    #[must_use]
    pub const fn is_served(&self) -> bool {
        matches!(self, Self::Served)
    }
}

/// A pushed change that was rejected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rejected {
    /// The SHA-256 that names the change; of the pushed bytes where they are no change.
    pub hash: Sha256,
    /// Why.
    pub why: RejectReason,
}

open_names! {
    /// Why a pushed change was rejected.
    pub enum RejectReason {
        /// Not a plain change chunk, or larger than [`MAX_CHANGE_BYTES`], or its checksum is wrong.
        Malformed = "malformed",
        /// A change it depends on is neither stored nor earlier in this push: send those first.
        MissingDeps = "missing_deps",
        /// Its sequence number is not the next of its actor.
        SeqGap = "seq_gap",
        /// Its actor writes for another device, and this one may not carry for it.
        ForeignActor = "foreign_actor",
        /// This device may only read the document.
        ReadOnly = "read_only",
        /// Its device would have more than [`MAX_HEADS_PER_DEVICE`] heads: it can be accepted once a change depends on those.
        TooManyHeads = "too_many_heads",
        /// It touches the document's root, whose entries are those of its birth.
        TouchesRoot = "touches_root",
        /// It, or with it its device or the document, is over the budget of the document's kind: see [`crate::budget`].
        TooCostly = "too_costly",
        /// It alters or removes an entry that stays as it was made.
        AltersEntry = "alters_entry",
    }
}
