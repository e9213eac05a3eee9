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
}

/// All that was promised.
#[derive(Debug, Default)]
pub struct Ledger {
    /// Recorded acts, by the change that holds each.
    pub acts: BTreeMap<Hash, Entry>,
    /// Acts that were rightly lost: every place that held them was taken away.
    pub lost: BTreeMap<Hash, Entry>,
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
    pub fn record(&mut self, hash: Hash, by: usize, doc: DocId, what: &str) {
        self.acts.entry(hash).or_insert_with(|| Entry { by, doc, what: what.to_owned() });
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
