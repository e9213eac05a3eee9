//! Documents: what devices push and what they are told.

use super::{Caller, Hint, Later};
use crate::change::{NoChange, PushedChange};
use porchlight_model::id::{DeviceId, DocId, Sha256};
use porchlight_model::time::At;
use porchlight_model::wire::{Access, Acked, DocKind, GrantList, HeadsDigest, News, Rejected};
use std::collections::BTreeSet;

/// Documents, as devices meet them: every store has them.
pub trait Documents: Send + Sync {
    /// Takes in what a device pushes and renews its lease.
    fn push(&self, push: Push) -> Later<'_, Pushed>;

    /// Tells a device what it wants to hear.
    fn pull(&self, pull: Pull) -> Later<'_, Pulled>;

    /// Notes that a coordinator's device has stored documents up to a number; one beyond a document's last change is no receipt.
    fn seen(&self, by: Caller, docs: Vec<(DocId, u64)>) -> Later<'_, ()>;
}

/// What one device pushes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Push {
    /// The device.
    pub device: DeviceId,
    /// Its documents.
    pub docs: Vec<DocPush>,
    /// When; the lease is renewed from here.
    pub now: At,
}

/// What is pushed to one document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocPush {
    /// The document.
    pub doc: DocId,
    /// What it is about, where the device made it.
    pub born: Option<DocKind>,
    /// Whether some of `changes` were written on other devices. Captains and coordinators may carry for any device of the campaign that
    /// was ever given the document, and of turf for placeholders. While the store recovers from having been put back from a copy, everyone
    /// who may write the document may, for any device of the campaign and for those that the store does not know.
    pub carries: bool,
    /// Its changes, each read or found to be none.
    pub changes: Vec<Result<PushedChange, NoChange>>,
}

/// What became of a push.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pushed {
    /// Until when the device is served.
    pub lease_until: At,
    /// One answer for each document, in order.
    pub docs: Vec<DocPushed>,
    /// The documents that have new changes.
    pub hints: Vec<Hint>,
}

/// What became of what was pushed to one document.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DocPushed {
    /// Changes that are stored, with their numbers.
    pub acked: Vec<Acked>,
    /// Changes that are not.
    pub rejected: Vec<Rejected>,
}

/// What one device wants to hear.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pull {
    /// The device.
    pub device: DeviceId,
    /// The grant list it holds, by number.
    pub grants_seen: u64,
    /// The feed it knows.
    pub feed: u64,
    /// The documents, with the place in their logs from which to tell and the changes to leave out.
    pub docs: Vec<DocPull>,
    /// The most bytes of changes.
    pub budget: usize,
}

/// What one device wants to hear of one document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocPull {
    /// The document.
    pub doc: DocId,
    /// The relay's epoch that the cursor belongs to.
    pub epoch: u64,
    /// Up to where the device has the log.
    pub cursor: u64,
    /// The heads it has, where it tells them.
    pub heads: Option<HeadsDigest>,
    /// Changes that it pushed just now and need not be told.
    pub without: BTreeSet<Sha256>,
}

/// What one device hears, from one state of the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pulled {
    /// The store's epoch.
    pub epoch: u64,
    /// All grants, when they differ from those it holds.
    pub grants: Option<GrantList>,
    /// The feed up to which `news` tells.
    pub feed: u64,
    /// Documents in which something happened since, other than those answered whole here.
    pub news: Vec<News>,
    /// One answer for each document, in order.
    pub docs: Vec<DocPulled>,
}

/// What one device hears of one document.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DocPulled {
    /// What the device may do with it; `None` also where there is no such document.
    pub access: Option<Access>,
    /// The beginning of the log as a saved document.
    pub snapshot: Option<Vec<u8>>,
    /// Changes in the log's order.
    pub changes: Vec<Vec<u8>>,
    /// Up to where they tell.
    pub cursor: u64,
    /// Whether more follow.
    pub is_more: bool,
    /// Up to which number a coordinator's device has stored it.
    pub seen: u64,
    /// The document's heads, sorted; empty where the device has them.
    pub heads: Vec<Sha256>,
    /// Whether there is nothing to tell: the device has the whole log and the same heads.
    pub is_same: bool,
}
