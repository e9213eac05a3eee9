//! What was promised so far: every act that a device said it had recorded.

use porchlight_model::id::DocId;
use std::collections::{BTreeMap, BTreeSet};

/// The hash of a change.
pub type Hash = [u8; 32];

/// An act that a device said it had recorded.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Which device.
    pub by: usize,
    /// In which document.
    pub doc: DocId,
    /// In words.
    pub what: String,
    /// Whether its device must keep it until a relay has it or the person removes it, also when its wave has ended: a visit, a note or a
    /// person, not taken back, and never lost with the device's own database.
    pub is_kept_back: bool,
}

/// All that was promised.
#[derive(Debug, Default)]
pub struct Ledger {
    /// Recorded acts, by the change that holds each.
    pub acts: BTreeMap<Hash, Entry>,
    /// Acts that were rightly lost: every place that held them was taken away.
    pub lost: BTreeMap<Hash, Entry>,
    /// Acts that were at the relay before a coordinator could ask it to forget.
    pub reached: BTreeSet<Hash>,
    /// Acts that a coordinator's device has stored.
    pub shown: BTreeSet<Hash>,
    /// Changes that were at the relay before an older copy was put back.
    pub gone_from_relay: BTreeSet<Hash>,
    /// Documents of waves that a coordinator has ended.
    pub ended: BTreeSet<DocId>,
    /// Texts of notes that were tried: each stands in the record once at most.
    pub notes: BTreeSet<String>,
    /// How many visits were tried.
    pub n_visits: usize,
}

impl Ledger {
    /// Notes what a device said it had recorded.
    pub fn record(&mut self, hash: Hash, entry: Entry) {
        self.acts.entry(hash).or_insert(entry);
    }

    /// Notes which acts are at the relay.
    pub fn reach(&mut self, at_relay: &BTreeSet<Hash>) {
        self.reached.extend(self.acts.keys().filter(|hash| at_relay.contains(*hash)));
    }

    /// Notes which acts a coordinator's device has stored.
    pub fn show(&mut self, stored: impl Iterator<Item = Hash>) {
        self.shown.extend(stored.filter(|hash| self.acts.contains_key(hash)));
    }

    /// The first of these acts that no coordinator's device has stored.
    #[must_use]
    pub fn not_shown<'a>(&'a self, seen: &'a [Hash]) -> Option<&'a Entry> {
        seen.iter().filter(|hash| !self.shown.contains(*hash)).find_map(|hash| self.acts.get(hash))
    }

    /// A device need no longer keep some of its acts back.
    pub fn release(&mut self, by: usize, is_meant: impl Fn(&Hash, &Entry) -> bool) {
        let own = self.acts.iter_mut().filter(|(_, entry)| entry.by == by);
        own.filter(|(hash, entry)| is_meant(hash, entry)).for_each(|(_, entry)| entry.is_kept_back = false);
    }

    /// The first act of a device in a wave that was ended which came too late for the relay, and is not on the device either.
    #[must_use]
    pub fn missing_of_ended(&self, by: usize, is_held: impl Fn(&Hash) -> bool) -> Option<&Entry> {
        let is_missing = |hash: &Hash, entry: &Entry| {
            let is_too_late = !self.reached.contains(hash) && !self.gone_from_relay.contains(hash);
            entry.by == by && entry.is_kept_back && self.ended.contains(&entry.doc) && is_too_late && !is_held(hash)
        };
        self.acts.iter().find(|(hash, entry)| is_missing(hash, entry)).map(|(_, entry)| entry)
    }

    /// Some places were taken away: what nobody holds any more was rightly lost.
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

    /// The first act of a device that is held nowhere, and not of a wave that was ended.
    #[must_use]
    pub fn missing(&self, by: usize, is_held: impl Fn(&Hash) -> bool) -> Option<&Entry> {
        let is_missing =
            |hash: &Hash, entry: &Entry| entry.by == by && !is_held(hash) && !self.ended.contains(&entry.doc);
        self.acts.iter().find(|(hash, entry)| is_missing(hash, entry)).map(|(_, entry)| entry)
    }
}
