//! A transaction of the write funnel: edits, merges and rows that are committed together or not at all.

use super::derive::derive;
use super::{Membership, device_of};
use crate::doc::{Edit, Rooted, Touched, cache::DocCache, kind, merge, rooted, weigh};
use crate::error::EngineError;
use crate::store::transaction::Transaction;
use crate::store::{self, changes, docs, docs::DocRow, projections, settings};
use automerge::{Change, ChangeHash, PatchLog, ReadDoc};
use porchlight_model::born::{birth, office_doc};
use porchlight_model::calls::Topic;
use porchlight_model::grant::Act;
use porchlight_model::id::{DocId, Sha256};
use porchlight_model::time::At;
use porchlight_model::wire::{Access, Acked, DocKind, HeadsDigest};
use rand::RngCore;
use rand_chacha::ChaCha12Rng;
use rusqlite::Connection;
use std::collections::BTreeSet;

/// A transaction of the write funnel.
pub struct Tx<'a> {
    pub(super) sql: Transaction<'a>,
    pub(super) docs: &'a mut DocCache,
    pub(super) rng: &'a mut ChaCha12Rng,
    pub(super) now: At,
    pub(super) membership: Option<Membership>,
    pub(super) skew_ms: i64,
    pub(super) touched_docs: BTreeSet<DocId>,
    pub(super) topics: BTreeSet<Topic>,
    pub(super) is_sync_told: bool,
}

/// The result of a committed transaction, for the engine.
pub(super) struct Written {
    pub(super) membership: Option<Membership>,
    pub(super) skew_ms: i64,
    pub(super) topics: BTreeSet<Topic>,
    pub(super) is_sync_told: bool,
}

impl Tx<'_> {
    /// Commits, or rolls back after a failure.
    pub(super) fn end(self, cause: &'static str, failed: Option<&EngineError>) -> Result<Written, EngineError> {
        let Self { sql, docs, membership, skew_ms, touched_docs, topics, is_sync_told, .. } = self;
        let ended = if failed.is_some() { sql.rollback() } else { sql.commit() };
        let ended = ended.map_err(EngineError::from);
        if let Some(error) = failed.or(ended.as_ref().err()) {
            tracing::warn!(cause, error = %error, "nothing was written");
            for doc in touched_docs {
                docs.forget(doc);
            }
        }
        ended.map(|()| Written { membership, skew_ms, topics, is_sync_told })
    }

    /// The connection, within this transaction.
    pub(crate) fn conn(&self) -> &Connection {
        &self.sql
    }

    /// The time of this write.
    #[must_use]
    pub const fn now(&self) -> At {
        self.now
    }

    /// This device's membership.
    ///
    /// # Errors
    /// When it has not joined a campaign.
    pub fn member(&self) -> Result<&Membership, EngineError> {
        self.membership.as_ref().ok_or_else(EngineError::not_enrolled)
    }

    /// Whether this device stores the packs and doors of all listed turf for the next wave, as a coordinator's does.
    pub(crate) fn keeps_listed(&self) -> bool {
        self.membership.as_ref().is_some_and(|member| member.identity.role.may(Act::KeepRecord))
    }

    /// Returns `N` random bytes.
    pub fn random<const N: usize>(&mut self) -> [u8; N] {
        let mut bytes = [0; N];
        self.rng.fill_bytes(&mut bytes);
        bytes
    }

    /// Marks a topic as changed, for what is not derived from a document.
    pub fn touch(&mut self, topic: Topic) {
        self.topics.insert(topic);
    }

    /// Marks the sync status as changed, without requesting a round.
    pub(crate) fn tell_sync(&mut self) {
        self.is_sync_told = true;
    }

    /// Sets or ends this device's membership.
    ///
    /// # Errors
    /// When the database fails.
    pub fn set_membership(&mut self, membership: Option<Membership>) -> Result<(), EngineError> {
        match &membership {
            Some(membership) => settings::put(&self.sql, "membership", membership)?,
            None => settings::remove(&self.sql, "membership")?,
        }
        if device_of(self.membership.as_ref()) != device_of(membership.as_ref()) {
            self.docs.forget_all();
        }
        self.membership = membership;
        self.topics.insert(Topic::Session);
        Ok(())
    }

    /// Sets the clock skew: how far this device's clock is behind the relay's, in milliseconds.
    ///
    /// # Errors
    /// When the database fails.
    pub fn set_skew_ms(&mut self, skew_ms: i64) -> Result<(), EngineError> {
        self.skew_ms = skew_ms;
        settings::put(&self.sql, "skew_ms", &skew_ms)
    }

    /// Creates a document with the content from `fill`, to be announced to the relay.
    ///
    /// # Errors
    /// When `fill` fails or the database does.
    pub fn create_doc(
        &mut self,
        doc: DocId,
        kind: DocKind,
        fill: impl FnOnce(&mut Edit<'_>) -> Result<(), EngineError>,
    ) -> Result<(), EngineError> {
        self.add_doc(doc, kind, Access::Write, true)?;
        self.edit(doc, fill)
    }

    /// Adds a document that the relay knows or will know; does nothing if it is stored already.
    ///
    /// # Errors
    /// When the database fails.
    pub fn add_doc(&mut self, doc: DocId, kind: DocKind, access: Access, is_born: bool) -> Result<(), EngineError> {
        if docs::get(&self.sql, doc)?.is_some() {
            return Ok(());
        }
        docs::put(&self.sql, &DocRow::new(doc, kind, access, is_born))?;
        self.topics.insert(Topic::Sync);
        Ok(())
    }

    /// Edits a document: the edits of `act` become one change, which is queued for the relay, and the rows are updated.
    ///
    /// # Errors
    /// The error of `act`, or of the document or database.
    pub fn edit<R>(
        &mut self,
        doc: DocId,
        act: impl FnOnce(&mut Edit<'_>) -> Result<R, EngineError>,
    ) -> Result<R, EngineError> {
        let (kind, at_s) = (self.begin_edit(doc)?, self.now.0 / 1000);
        let mut edit = Edit::begin(self.open(doc)?);
        let value = act(&mut edit)?;
        let made = edit.commit(at_s);
        self.keep_edit(doc, kind, made)?;
        Ok(value)
    }

    /// Edits the campaign's office document, which the first edit makes. Its birth is the same on every device, so that two devices which make it
    /// independently make one document.
    ///
    /// # Errors
    /// As [`Self::edit`].
    pub fn edit_office<R>(
        &mut self,
        act: impl FnOnce(&mut Edit<'_>) -> Result<R, EngineError>,
    ) -> Result<R, EngineError> {
        let doc = office_doc(self.member()?.identity.campaign);
        self.bear_alike(doc, DocKind::Office)?;
        self.edit(doc, act)
    }

    /// Adds a document of a kind that has one birth for all, and gives it that birth where it has none yet.
    fn bear_alike(&mut self, doc: DocId, kind: DocKind) -> Result<(), EngineError> {
        self.add_doc(doc, kind, Access::Write, true)?;
        if !self.open(doc)?.is_unborn() {
            return Ok(());
        }
        let birth = birth(kind).ok_or_else(|| EngineError::Corrupt { what: format!("{kind:?} has no birth") })?;
        let birth =
            Change::from_bytes(birth.to_vec()).map_err(|error| EngineError::Corrupt { what: error.to_string() })?;
        changes::insert(&self.sql, doc, &birth, true, At(0))?;
        self.merge(doc, vec![birth]).map(drop)
    }

    /// Opens the document for an edit. It is separate from [`Self::edit`], which is compiled once for each caller.
    #[inline(never)]
    fn begin_edit(&mut self, doc: DocId) -> Result<DocKind, EngineError> {
        let row = docs::get(&self.sql, doc)?.ok_or_else(|| EngineError::not_found("error-turf-gone"))?;
        self.touched_docs.insert(doc);
        Ok(row.kind)
    }

    #[inline(never)]
    fn keep_edit(&mut self, doc: DocId, kind: DocKind, made: Option<(ChangeHash, Touched)>) -> Result<(), EngineError> {
        if let Some((hash, touched)) = made {
            let device = device_of(self.membership.as_ref());
            let document = self.docs.open(&self.sql, self.rng, device, doc)?;
            if document.is_unborn() {
                document.born_by(hash);
            }
            let change = document
                .get_last_local_change()
                .ok_or_else(|| EngineError::Corrupt { what: "a change was not kept".to_owned() })?;
            changes::insert(&self.sql, doc, &change, true, At(0))?;
            docs::set_heads(&self.sql, doc, HeadsDigest::of(&sorted_heads(document)))?;
            self.topics.extend((kind::of(kind).project)(&self.sql, doc, document, &touched)?);
            self.topics.insert(Topic::Sync);
        }
        Ok(())
    }

    /// Applies changes that a relay holds up to its sequence number `n`. Changes that are stored already are skipped; each must come after what it
    /// depends on. Returns the document's heads, sorted.
    ///
    /// # Errors
    /// When a change cannot be applied or its dependencies are missing; then nothing of this transaction is kept.
    pub fn apply(&mut self, doc: DocId, incoming: Vec<Change>, n: u64) -> Result<Vec<Sha256>, EngineError> {
        self.receive(doc, &incoming)?;
        let now = self.now;
        for change in &incoming {
            if !changes::insert(&self.sql, doc, change, false, now)? {
                changes::ack(&self.sql, doc, Acked { hash: Sha256(change.hash().0), n }, now)?;
            }
        }
        self.merge(doc, incoming)
    }

    /// Applies changes of other devices that no relay is known to hold, because they were handed over by file. Otherwise as [`Self::apply`].
    ///
    /// # Errors
    /// As [`Self::apply`].
    pub fn take_over(&mut self, doc: DocId, incoming: Vec<Change>) -> Result<Vec<Sha256>, EngineError> {
        self.receive(doc, &incoming)?;
        for change in &incoming {
            changes::insert(&self.sql, doc, change, false, At(0))?;
        }
        self.topics.insert(Topic::Sync);
        self.merge(doc, incoming)
    }

    /// Applies changes of other devices that came from a hub: no relay is known to hold them, and this device does not have to deliver them.
    /// Otherwise as [`Self::apply`].
    ///
    /// # Errors
    /// As [`Self::apply`].
    pub fn hear(&mut self, doc: DocId, incoming: Vec<Change>) -> Result<Vec<Sha256>, EngineError> {
        self.receive(doc, &incoming)?;
        for change in &incoming {
            if changes::insert(&self.sql, doc, change, false, At(0))? {
                store::hub::heard(&self.sql, doc, Sha256(change.hash().0))?;
            }
        }
        self.merge(doc, incoming)
    }

    /// Weighs what comes from outside, and opens its document before anything of it is stored.
    fn receive(&mut self, doc: DocId, incoming: &[Change]) -> Result<(), EngineError> {
        let row = docs::get(&self.sql, doc)?.ok_or_else(|| EngineError::not_found("error-turf-gone"))?;
        weigh::weigh(&self.sql, doc, row.kind, incoming)?;
        self.open(doc).map(drop)
    }

    /// Opens a document in its state before this transaction, so that what is merged into it counts as new.
    fn open(&mut self, doc: DocId) -> Result<&mut Rooted, EngineError> {
        let device = device_of(self.membership.as_ref());
        self.docs.open(&self.sql, self.rng, device, doc)
    }

    fn merge(&mut self, doc: DocId, incoming: Vec<Change>) -> Result<Vec<Sha256>, EngineError> {
        let row = docs::get(&self.sql, doc)?.ok_or_else(|| EngineError::not_found("error-turf-gone"))?;
        self.touched_docs.insert(doc);
        let device = device_of(self.membership.as_ref());
        let document = self.docs.open(&self.sql, self.rng, device, doc)?;
        let mut log = PatchLog::active();
        document.grow(rooted::first(&incoming), |document| merge::merge(document, doc, incoming, &mut log))?;
        if !document.get_missing_deps(&[]).is_empty() {
            return Err(EngineError::BadReply("changes came without those they depend on".to_owned()));
        }
        let kind = kind::of(row.kind);
        let mut touched = Touched::default();
        touched.add_patches(&document.make_patches(&mut log));
        if document.is_tampered(row.kind) {
            touched = kind.everything();
        }
        kind.merged_whole.iter().for_each(|map| touched.add_whole(map));
        self.topics.extend((kind.project)(&self.sql, doc, document, &touched)?);
        let heads = sorted_heads(document);
        docs::set_heads(&self.sql, doc, HeadsDigest::of(&heads))?;
        Ok(heads)
    }

    /// Derives a document's rows again, because it became known whose entries are.
    ///
    /// # Errors
    /// When its stored changes cannot be read.
    pub(crate) fn derive_again(&mut self, doc: DocId) -> Result<(), EngineError> {
        let Some(row) = docs::get(&self.sql, doc)? else { return Ok(()) };
        let device = device_of(self.membership.as_ref());
        self.topics.extend(derive(&self.sql, self.docs, self.rng, device, &row)?);
        Ok(())
    }

    /// The actor id with which this process writes a document.
    ///
    /// # Errors
    /// When its stored changes cannot be read.
    pub(crate) fn actor(&mut self, doc: DocId) -> Result<Vec<u8>, EngineError> {
        Ok(self.open(doc)?.get_actor().to_bytes().to_vec())
    }

    /// A document's heads, sorted.
    ///
    /// # Errors
    /// When its stored changes cannot be read.
    pub fn heads(&mut self, doc: DocId) -> Result<Vec<Sha256>, EngineError> {
        let device = device_of(self.membership.as_ref());
        Ok(sorted_heads(self.docs.open(&self.sql, self.rng, device, doc)?))
    }

    /// Evicts every open document from memory, before the tables are emptied.
    pub(crate) fn forget_documents(&mut self) -> Result<(), EngineError> {
        for row in docs::all(&self.sql)? {
            self.docs.forget(row.id);
        }
        Ok(())
    }

    /// Removes a document with its changes, rows and packs from this device. Changes that are not acknowledged must be removed first.
    ///
    /// # Errors
    /// When changes would be lost, or the database fails.
    pub fn drop_doc(&mut self, doc: DocId) -> Result<(), EngineError> {
        let Some(row) = docs::get(&self.sql, doc)? else { return Ok(()) };
        if changes::is_needed(&self.sql, doc)? {
            return Err(EngineError::Corrupt {
                what: "a document with unsent changes would have been dropped".to_owned(),
            });
        }
        self.touched_docs.insert(doc);
        projections::clear(&self.sql, doc, row.kind)?;
        changes::remove(&self.sql, doc)?;
        store::packs::remove(&self.sql, doc, self.keeps_listed())?;
        docs::remove(&self.sql, doc)?;
        self.docs.forget(doc);
        self.topics.extend([Topic::Turf, Topic::Visits, Topic::Sync]);
        Ok(())
    }
}

fn sorted_heads(document: &Rooted) -> Vec<Sha256> {
    let mut heads: Vec<_> = document.get_heads().into_iter().map(|hash| Sha256(hash.0)).collect();
    heads.sort();
    heads
}
