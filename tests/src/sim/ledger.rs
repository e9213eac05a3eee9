//! The ledger of promises: every act that a device reported as recorded.

use porchlight_model::id::DocId;
use std::collections::{BTreeMap, BTreeSet};

/// The hash of a change.
pub type Hash = [u8; 32];

/// An act that a device reported as recorded.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The device.
    pub by: usize,
    /// The document.
    pub doc: DocId,
    /// Its description.
    pub what: String,
    /// Whether its device must keep it until a relay has it or the person removes it, also when its wave has ended: a visit, a note or a
    /// person, not taken back, and never lost with the device's own database.
    pub is_kept_back: bool,
}

/// The ledger.
#[derive(Debug, Default)]
pub struct Ledger {
    /// Recorded acts, by the change that holds each.
    pub acts: BTreeMap<Hash, Entry>,
    /// Acts that may be lost, because every holder was removed.
    pub lost: BTreeMap<Hash, Entry>,
    /// Acts that were at the relay before a coordinator could ask it to forget.
    pub reached: BTreeSet<Hash>,
    /// Acts that a coordinator's device has stored.
    pub shown: BTreeSet<Hash>,
    /// Changes that were at the relay before an older copy was put back.
    pub gone_from_relay: BTreeSet<Hash>,
    /// Documents of waves that a coordinator has ended.
    pub ended: BTreeSet<DocId>,
    /// Texts of attempted notes: each may occur in the record at most once.
    pub notes: BTreeSet<String>,
    /// The number of attempted visits.
    pub n_visits: usize,
}

impl Ledger {
    /// Enters an act that a device reported as recorded.
    pub fn record(&mut self, hash: Hash, entry: Entry) {
        self.acts.entry(hash).or_insert(entry);
    }

    /// Marks acts that are at the relay.
    pub fn reach(&mut self, at_relay: &BTreeSet<Hash>) {
        self.reached.extend(self.acts.keys().filter(|hash| at_relay.contains(*hash)));
    }

    /// Marks acts that a coordinator's device has stored.
    pub fn show(&mut self, stored: impl Iterator<Item = Hash>) {
        self.shown.extend(stored.filter(|hash| self.acts.contains_key(hash)));
    }

    /// The first of these acts that no coordinator's device has stored.
    #[must_use]
    pub fn not_shown<'a>(&'a self, seen: &'a [Hash]) -> Option<&'a Entry> {
        seen.iter().filter(|hash| !self.shown.contains(*hash)).find_map(|hash| self.acts.get(hash))
    }

    /// Releases a device from keeping some of its acts.
    pub fn release(&mut self, by: usize, is_meant: impl Fn(&Hash, &Entry) -> bool) {
        let own = self.acts.iter_mut().filter(|(_, entry)| entry.by == by);
        own.filter(|(hash, entry)| is_meant(hash, entry)).for_each(|(_, entry)| entry.is_kept_back = false);
    }

    /// The first act of a device in an ended wave that came too late for the relay and is not on the device either.
    #[must_use]
    pub fn missing_of_ended(&self, by: usize, is_held: impl Fn(&Hash) -> bool) -> Option<&Entry> {
        let is_missing = |hash: &Hash, entry: &Entry| {
            let is_too_late = !self.reached.contains(hash) && !self.gone_from_relay.contains(hash);
            entry.by == by && entry.is_kept_back && self.ended.contains(&entry.doc) && is_too_late && !is_held(hash)
        };
        self.acts.iter().find(|(hash, entry)| is_missing(hash, entry)).map(|(_, entry)| entry)
    }

    /// Excuses acts that nobody holds any more, after holders were removed.
    pub fn excuse_all_but(&mut self, held: &BTreeSet<Hash>) -> Vec<Entry> {
        let gone: Vec<Hash> = self.acts.keys().filter(|hash| !held.contains(*hash)).copied().collect();
        let mut entries = Vec::new();
        for hash in gone {
            if let Some(entry) = self.acts.remove(&hash) {
                entries.push(entry.clone());
                self.lost.insert(hash, entry);
            }
        }
        entries
    }

    /// The first act of a device that nobody holds, outside of ended waves.
    #[must_use]
    pub fn missing(&self, by: usize, is_held: impl Fn(&Hash) -> bool) -> Option<&Entry> {
        let is_missing =
            |hash: &Hash, entry: &Entry| entry.by == by && !is_held(hash) && !self.ended.contains(&entry.doc);
        self.acts.iter().find(|(hash, entry)| is_missing(hash, entry)).map(|(_, entry)| entry)
    }
}
