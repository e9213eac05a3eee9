//! Upkeep: what is done to whole documents, campaigns, and the store itself.

use super::{Caller, Hint, Holdings, Later};
use porchlight_model::id::{CampaignId, DocId, Sha256};
use porchlight_model::time::At;

/// What keeps a relay in order over months: a hub, open for a day, has none of it.
pub trait Upkeep: Send + Sync {
    /// Documents with at least `n_changes` changes after their snapshot, and a tenth of all their changes: else a long log would be folded
    /// again for a few. At most `limit` documents.
    fn to_snapshot(&self, n_changes: u64, limit: u32) -> Later<'_, Vec<DocId>>;

    /// A document's log, with as many of its changes as fit into `max_bytes`.
    fn log(&self, doc: DocId, max_bytes: usize) -> Later<'_, Log>;

    /// Keeps a document's log, folded up to change `n`; one that is there for a later change stays. Without bytes it is only noted that there
    /// is none.
    fn put_snapshot(&self, doc: DocId, n: u64, bytes: Vec<u8>) -> Later<'_, ()>;

    /// Forgets turf documents of the caller's campaign, all or none: of each, only the id is kept, and of their packs those that another
    /// document names. Nobody makes, reads or writes them again. Forgetting again is no error; a hint says that something was forgotten.
    fn forget(&self, by: Caller, docs: Vec<DocId>, now: At) -> Later<'_, Option<Hint>>;

    /// All campaigns, the oldest first.
    fn campaigns(&self) -> Later<'_, Vec<CampaignId>>;

    /// How much is kept of a campaign; `None` where there is none such.
    fn holdings(&self, of: CampaignId) -> Later<'_, Option<Holdings>>;

    /// Deletes a part of a campaign; whether more of it is left. With the first part nobody of it is served any more, and with the last
    /// nothing of it is kept.
    fn delete_part(&self, of: CampaignId) -> Later<'_, bool>;

    /// Starts a new epoch, after the store was put back from a copy; until `recovering_until`, whoever may write a document may bring
    /// back what others wrote in it.
    fn new_epoch(&self, epoch: u64, recovering_until: At) -> Later<'_, ()>;
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
