//! What the relay keeps, as a trait: in one SQLite file for one node, or in PostgreSQL for several.
//!
//! Every method is one transaction. What a method has returned is committed; what it has refused or failed at has left no trace.

mod hint;
mod holdings;
mod known;
mod part;
pub mod postgres;
pub mod sqlite;
mod words;

pub use self::hint::{Hearing, Hears, Hint, Whose};
pub use self::holdings::Holdings;
pub(crate) use self::known::{check_knows, only_newer};
use crate::change::{NoChange, PushedChange};
use crate::secret::SecretHash;
use porchlight_model::hub::{Challenge, Proof};
use porchlight_model::id::{CampaignId, DeviceId, DocId, InviteId, MemberId, Sha256};
use porchlight_model::member::Role;
use porchlight_model::relay::{EnrolReply, Founding, InviteLook, OpenInvite, RefusalCode, RosterDevice, ShutOutDone};
use porchlight_model::time::At;
use porchlight_model::wire::{Access, Acked, DocKind, GrantList, HeadsDigest, News, Rejected};
use std::collections::BTreeSet;
use std::ops::Range;
use std::pin::Pin;

/// Why a store did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// A rule forbids it; asking again changes nothing.
    #[error("{0}")]
    Refused(&'static str, RefusalCode),
    /// Too many requests wait for the store. Nothing was kept of this one; it may be sent again a little later.
    #[error("too many requests wait for the store")]
    Busy,
    /// The store failed: full disk, broken file, lost connection, closing. Nothing was kept of this request, or else all of it where the
    /// connection to a database broke while it committed; it may be sent again either way.
    #[error("the store failed: {0}")]
    Unavailable(Box<dyn std::error::Error + Send + Sync>),
}

/// What a store method gives, later.
pub type Later<'a, T> = Pin<Box<dyn Future<Output = Result<T, StoreError>> + Send + 'a>>;

/// The device behind a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Caller {
    /// The device.
    pub device: DeviceId,
    /// Its campaign.
    pub campaign: CampaignId,
    /// Its member's role.
    pub role: Role,
    /// Until when it is served.
    pub lease_until: At,
    /// Whether it was revoked.
    pub is_revoked: bool,
}

/// An invite to keep; its secret only as a hash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewInvite {
    /// Its id.
    pub id: InviteId,
    /// What is kept of its secret.
    pub secret: SecretHash,
    /// The campaign; `None` founds one.
    pub campaign: Option<CampaignId>,
    /// The role it gives.
    pub role: Role,
    /// The turf documents it hands out.
    pub docs: Vec<DocId>,
    /// What it is for.
    pub label: String,
    /// How many devices may use it.
    pub uses: u32,
    /// When it ends.
    pub expires_at: At,
    /// When it was made.
    pub made_at: At,
    /// The device that made it; `None` for whoever runs the relay.
    pub made_by: Option<DeviceId>,
}

/// An invite to be withdrawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Withdrawal {
    /// Its campaign.
    pub campaign: CampaignId,
    /// The invite.
    pub invite: InviteId,
    /// The device that asks, whose role must be one that makes such invites; `None` for whoever runs the relay.
    pub by: Option<DeviceId>,
    /// When.
    pub now: At,
}

/// A device that wants to enrol.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Enrolment {
    /// The invite's secret.
    pub secret: SecretHash,
    /// The device.
    pub device: DeviceId,
    /// What is kept of its token.
    pub token: SecretHash,
    /// The member it asks to be.
    pub member: MemberId,
    /// The member it becomes where the asked one is somebody else's.
    pub other_member: MemberId,
    /// The person's name.
    pub name: String,
    /// The campaign to found.
    pub founding: Option<Founding>,
    /// The version of the protocol in which it is answered.
    pub version: u16,
    /// When.
    pub now: At,
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

/// A document's log, for making a snapshot of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Log {
    /// The number of the last change.
    pub last: u64,
    /// The first changes in the log's order, as many as were asked for.
    pub changes: Vec<Vec<u8>>,
    /// The heads of the whole log, sorted.
    pub heads: Vec<Sha256>,
}

impl Log {
    /// Whether this is the whole log.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.changes.len() as u64 == self.last
    }
}

/// A part of a pack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackPart {
    /// The bytes asked for, as far as the pack has them.
    pub bytes: Vec<u8>,
    /// The size of the whole pack.
    pub n_bytes: u64,
}

/// A device that leaves.
#[derive(Debug, Clone, Copy)]
pub struct Leaving {
    /// The device.
    pub device: DeviceId,
    /// Whether it counts on a coordinator's device being left.
    pub counts_on_others: bool,
    /// When.
    pub now: At,
}

/// Everything the relay keeps.
pub trait Store: Send + Sync {
    /// Finds the device behind a token.
    fn caller(&self, token: SecretHash) -> Later<'_, Option<Caller>>;

    /// Proves to a device that this is a hub of its campaign: a relay is none.
    fn prove(&self, _: Challenge) -> Later<'_, Proof> {
        Box::pin(async { Err(StoreError::Refused("this is no hub", RefusalCode::NotFound)) })
    }

    /// Looks at an invite without using it.
    fn look(&self, secret: SecretHash, now: At) -> Later<'_, InviteLook>;

    /// Enrols a device by invite, once: asked again, it gives the same answer and uses up nothing.
    fn enrol(&self, enrolment: Enrolment) -> Later<'_, (EnrolReply, Hint)>;

    /// Keeps an invite.
    fn invite(&self, invite: NewInvite) -> Later<'_, ()>;

    /// The invites of a campaign that still let someone in, the newest first, at most
    /// [`porchlight_model::relay::MAX_OPEN_INVITES`]. One whose maker was revoked lets nobody in.
    fn open_invites(&self, campaign: CampaignId, now: At) -> Later<'_, Vec<OpenInvite>>;

    /// Until when a campaign can be founded by an invite that nobody has used; of several the last, `None` where there is none. A hub founds none.
    fn founding_until(&self, _: At) -> Later<'_, Option<At>> {
        Box::pin(async { Ok(None) })
    }

    /// Withdraws an invite: it has ended. Doing so again is no error.
    fn withdraw(&self, of: Withdrawal) -> Later<'_, ()>;

    /// All campaigns, the oldest first.
    fn campaigns(&self) -> Later<'_, Vec<CampaignId>>;

    /// How much is kept of a campaign; `None` where there is none such, and of a hub's.
    fn holdings(&self, _: CampaignId) -> Later<'_, Option<Holdings>> {
        Box::pin(async { Ok(None) })
    }

    /// Deletes a part of a campaign; whether more of it is left. With the first part nobody of it is served any more, and with the last
    /// nothing of it is kept. A hub deletes nothing.
    fn delete_part(&self, _: CampaignId) -> Later<'_, bool> {
        Box::pin(async { Ok(false) })
    }

    /// All devices of a campaign.
    fn roster(&self, campaign: CampaignId) -> Later<'_, Vec<RosterDevice>>;

    /// The placeholders of a campaign: devices of which nothing is known but what others brought back of them while the store recovered. They
    /// stand in no roster and are given nothing; nobody enrols under their ids.
    fn placeholders(&self, campaign: CampaignId) -> Later<'_, Vec<DeviceId>>;

    /// Takes a turf back from a device, which may still hand in what it holds.
    fn take_back(&self, by: Caller, doc: DocId, device: DeviceId) -> Later<'_, Hint>;

    /// Forgets turf documents of the caller's campaign, all or none: of each, only the id is kept, and of their packs those that another
    /// document names. Nobody makes, reads or writes them again. Forgetting again is no error; a hint says that something was forgotten.
    fn forget(&self, by: Caller, docs: Vec<DocId>, now: At) -> Later<'_, Option<Hint>>;

    /// Revokes a device of the caller's campaign, where the caller's role may shut it out: two who shut each other out at once do not both
    /// succeed. Doing so again is no error; a hint says that it was served until then.
    fn shut_out(&self, by: Caller, device: DeviceId, now: At) -> Later<'_, (ShutOutDone, Option<Hint>)>;

    /// Revokes a device: it is served nothing from then on.
    fn revoke(&self, device: DeviceId) -> Later<'_, Hint>;

    /// Revokes a device that leaves by itself. One that counts on others is refused where no other coordinator's device is left, so that of
    /// two which leave at once one stays.
    fn leave(&self, leaving: Leaving) -> Later<'_, Hint>;

    /// Takes in what a device pushes and renews its lease.
    fn push(&self, push: Push) -> Later<'_, Pushed>;

    /// Tells a device what it wants to hear.
    fn pull(&self, pull: Pull) -> Later<'_, Pulled>;

    /// Notes that a coordinator's device has stored documents up to a number; one beyond a document's last change is no receipt.
    fn seen(&self, by: Caller, docs: Vec<(DocId, u64)>) -> Later<'_, ()>;

    /// Notes when devices were heard from, for the roster; older times than those noted change nothing.
    fn heard(&self, devices: Vec<(DeviceId, At)>) -> Later<'_, ()>;

    /// Documents with at least `n_changes` changes after their snapshot, and a tenth of all their changes: else a long log would be folded
    /// again for a few. At most `limit` documents.
    fn to_snapshot(&self, n_changes: u64, limit: u32) -> Later<'_, Vec<DocId>>;

    /// A document's log, with as many of its changes as fit into `max_bytes`.
    fn log(&self, doc: DocId, max_bytes: usize) -> Later<'_, Log>;

    /// Keeps a document's log, folded up to change `n`; one that is there for a later change stays. Without bytes it is only noted that there
    /// is none.
    fn put_snapshot(&self, doc: DocId, n: u64, bytes: Vec<u8>) -> Later<'_, ()>;

    /// All that a device may do.
    fn grants(&self, device: DeviceId) -> Later<'_, GrantList>;

    /// What one device of a campaign hears of, or every one: who is revoked or unknown is left out.
    fn hearing(&self, campaign: CampaignId, device: Option<DeviceId>) -> Later<'_, Hearing>;

    /// Keeps a pack for a document that the device may write.
    fn put_pack(&self, by: Caller, doc: DocId, hash: Sha256, bytes: Vec<u8>) -> Later<'_, ()>;

    /// Gives a part of a pack that belongs to a document the device hears of; `range` may reach beyond its end.
    fn pack(&self, by: Caller, hash: Sha256, range: Range<u64>) -> Later<'_, PackPart>;

    /// Starts a new epoch, after the store was put back from a copy; until `recovering_until`, whoever may write a document may bring
    /// back what others wrote in it.
    fn new_epoch(&self, epoch: u64, recovering_until: At) -> Later<'_, ()>;

    /// Checks that readers and the writer of the store answer; writes nothing.
    fn check(&self) -> Later<'_, ()>;

    /// Checks that the store takes a small write.
    fn check_writing(&self) -> Later<'_, ()> {
        self.check()
    }

    /// Checks that the store takes a write as large as a change may be, which is taken back: a full disk has room for a small one at times.
    fn check_room(&self) -> Later<'_, ()> {
        self.check()
    }

    /// How many transactions were committed since the start.
    fn n_commits(&self) -> u64;

    /// Finishes what was begun, folds the write-ahead log into the file and closes.
    fn close(&self) -> Later<'_, ()>;
}
