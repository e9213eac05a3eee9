//! What the relay keeps, as traits by what they are for: in one SQLite file for one node, or in PostgreSQL for several. A hub keeps less.
//!
//! Every method is one transaction. What a method has returned is committed; what it has refused or failed at has left no trace.

mod documents;
mod enrolment;
mod hint;
mod holdings;
mod known;
mod packs;
mod part;
pub mod postgres;
pub mod sqlite;
mod step;
mod upkeep;
mod words;

pub use self::documents::{DocPull, DocPulled, DocPush, DocPushed, Documents, Pull, Pulled, Push, Pushed};
pub use self::enrolment::{Enrolling, Enrolment, Leaving, NewInvite, Placeholder, Withdrawal};
pub use self::hint::{Hearing, Hears, Hint, Whose};
pub use self::holdings::Holdings;
pub(crate) use self::known::{check_knows, only_newer};
pub use self::packs::{PackPart, Packs};
pub use self::upkeep::{Log, Upkeep};
use crate::secret::SecretHash;
use porchlight_model::hub::{Challenge, Proof};
use porchlight_model::id::{CampaignId, DeviceId};
use porchlight_model::member::Role;
use porchlight_model::relay::RefusalCode;
use porchlight_model::time::At;
use std::pin::Pin;

/// Why a store did not perform an operation.
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

impl StoreError {
    /// What a hub says to what is not its to do.
    pub(crate) const NOT_AT_A_HUB: Self =
        Self::Refused("a hub takes results in; this is done at the campaign's relay", RefusalCode::NotAllowed);
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

/// What a relay or a hub keeps: documents and packs always, the rest where it has them.
pub trait Store: Documents + Packs {
    /// Who belongs to a campaign, where this store says so: a hub is told by its campaign's relay.
    fn enrolment(&self) -> Option<&dyn Enrolment> {
        None
    }

    /// What keeps a store in order, where it is kept for longer than a hub is open.
    fn upkeep(&self) -> Option<&dyn Upkeep> {
        None
    }

    /// Finds the device behind a token.
    fn caller(&self, token: SecretHash) -> Later<'_, Option<Caller>>;

    /// Notes when devices were heard from, for the roster; older times than those noted change nothing.
    fn heard(&self, devices: Vec<(DeviceId, At)>) -> Later<'_, ()>;

    /// Proves to a device that this is a hub of its campaign: a relay is none.
    fn prove(&self, _: Challenge) -> Later<'_, Proof> {
        Box::pin(async { Err(StoreError::Refused("this is no hub", RefusalCode::NotFound)) })
    }

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
