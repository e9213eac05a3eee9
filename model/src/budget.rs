//! What changes of a document may cost, as data of each kind of document. A change that is cheap to send may be ruinous to apply: a
//! dozen bytes stand for thousands of operations. So its cost is counted from its columns ([`crate::chunk::cost`]) before anything applies
//! it: by the relay and by hubs when they admit it ([`crate::admit`]), and by every device before it merges it.

use crate::wire::DocKind;

/// As many bytes of text to which a change's keys unfold count as one more operation.
pub const BYTES_PER_OP: u64 = 64;

/// The most top-level maps of a document. Its birth makes them with its first operations, and fills them with at least as many, so their
/// numbers tell them from later objects.
pub const MAX_MAPS: u64 = 9;

/// What a change costs, and what it does to what others made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Cost {
    /// Its operations, and one more for each [`BYTES_PER_OP`] of text to which its keys unfold.
    pub n_ops: u64,
    /// The most operations that it has in one entry of a top-level map.
    pub n_in_entry: u64,
    /// Whether it makes an object inside an entry, so that the document would nest deeper than map, entry, field.
    pub is_deep: bool,
    /// Whether it writes into an entry that another change made, or writes a field of its own twice.
    pub edits_entry: bool,
    /// The top-level maps in which it replaces or removes something: a bit for each, by the number of the operation that made it.
    pub replaces: u32,
}

/// The limits of one kind of document. Operations are counted as in [`Cost::n_ops`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Budget {
    /// The most operations of one change.
    pub ops_per_change: u64,
    /// The most operations in one entry of a top-level map by one change: its fields.
    pub ops_per_entry: u64,
    /// The most operations that a relay takes of one push to one document; the rest waits for the next push.
    pub ops_per_push: u64,
    /// The most operations of one device in one document: nobody uses up what others need.
    pub ops_per_device: u64,
    /// The most operations of one document.
    pub ops_per_doc: u64,
    /// The top-level maps whose entries stay as they were made: bits as in [`Cost::replaces`].
    pub append_only: u32,
}

/// A device merges a document of up to so many times the operations that a relay admits: a relay does not count what it had stored before it
/// counted, nor what an older node over the same store takes in.
const SLACK: u64 = 2;

impl Budget {
    /// A turf document. An ordinary change has at least ten bytes for each operation, so that the most that fits into one
    /// ([`crate::wire::MAX_CHANGE_BYTES`]) is below `ops_per_change`; a thousand doors, marked ten times by one person, are 90,000 operations.
    pub const TURF: Self = Self {
        ops_per_change: 10_000,
        ops_per_entry: 2_000,
        ops_per_push: 100_000,
        ops_per_device: 200_000,
        ops_per_doc: 400_000,
        // Visits, answers given at visits, notes, flags, people.
        append_only: 1 << 2 | 1 << 4 | 1 << 6 | 1 << 7 | 1 << 8,
    };

    /// A campaign document, which coordinators write: an operation or two for each turf and wave, and for each renewal of a turf.
    pub const CAMPAIGN: Self = Self {
        ops_per_change: 10_000,
        ops_per_entry: 0,
        ops_per_push: 100_000,
        ops_per_device: 500_000,
        ops_per_doc: 500_000,
        append_only: 0,
    };

    /// An office document, which coordinators write: a few operations for each goal and saved list.
    pub const OFFICE: Self = Self {
        ops_per_change: 2_000,
        ops_per_entry: 0,
        ops_per_push: 20_000,
        ops_per_device: 100_000,
        ops_per_doc: 200_000,
        append_only: 0,
    };

    /// A document of a kind that this program does not know: it is stored and merged, and only its size is limited.
    pub const UNKNOWN: Self = Self {
        ops_per_change: u64::MAX,
        ops_per_entry: u64::MAX,
        ops_per_push: u64::MAX,
        ops_per_device: 500_000,
        ops_per_doc: 500_000,
        append_only: 0,
    };

    /// The budget of a kind of document.
    #[must_use]
    pub const fn of(kind: DocKind) -> Self {
        match kind {
            DocKind::Campaign => Self::CAMPAIGN,
            DocKind::Turf => Self::TURF,
            DocKind::Office => Self::OFFICE,
            DocKind::Unknown(_) => Self::UNKNOWN,
        }
    }

    /// Whether one change is over the budget by itself, whatever the document holds.
    #[must_use]
    pub const fn is_over(&self, change: &Cost) -> bool {
        let nests = self.ops_per_entry < u64::MAX && change.is_deep;
        change.n_ops > self.ops_per_change || change.n_in_entry > self.ops_per_entry || nests
    }

    /// Whether a change alters or removes an entry that stays as it was made.
    #[must_use]
    pub const fn alters(&self, change: &Cost) -> bool {
        let has_entries = self.ops_per_entry < u64::MAX;
        (has_entries && change.edits_entry) || change.replaces & self.append_only != 0
    }

    /// The most operations of a document that a device merges.
    #[must_use]
    pub const fn ops_on_a_device(&self) -> u64 {
        self.ops_per_doc * SLACK
    }
}

/// The strictest one, for a state of a log that names no kind.
impl Default for Budget {
    fn default() -> Self {
        Self::TURF
    }
}

/// What a document has cost so far, as a log's keeper counted it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Spent {
    /// The operations of the whole document.
    pub n_ops: u64,
    /// Those of each device, where [`shares_matter`]; else some or none.
    pub by_device: std::collections::BTreeMap<crate::id::DeviceId, u64>,
}

/// Whether so many more operations could bring a device above its share, in a document that has so many.
#[must_use]
pub const fn shares_matter(budget: &Budget, n_ops: u64, n_pushed: u64) -> bool {
    n_ops.saturating_add(n_pushed) > budget.ops_per_device
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_limit_is_met_just_above_it_and_not_at_it() {
        let turf = Budget::TURF;
        let check = |is_over: bool, cost: Cost| assert_eq!(turf.is_over(&cost), is_over, "{cost:?}");
        check(false, Cost { n_ops: turf.ops_per_change, ..Cost::default() });
        check(true, Cost { n_ops: turf.ops_per_change + 1, ..Cost::default() });
        check(false, Cost { n_in_entry: turf.ops_per_entry, ..Cost::default() });
        check(true, Cost { n_in_entry: turf.ops_per_entry + 1, ..Cost::default() });
        check(true, Cost { is_deep: true, ..Cost::default() });
        assert!(!shares_matter(&turf, turf.ops_per_device - 1, 1));
        assert!(shares_matter(&turf, turf.ops_per_device, 1));
    }

    #[test]
    fn entries_of_append_only_maps_are_altered_and_those_of_registers_replaced() {
        let check = |alters: bool, cost: Cost| assert_eq!(Budget::TURF.alters(&cost), alters, "{cost:?}");
        check(true, Cost { edits_entry: true, ..Cost::default() });
        // In the order of a turf document's birth: about, visits, answers, asked, retracted, notes, flags, people, walkers.
        for (place, alters) in (1..).zip([false, true, false, true, false, true, true, true, false]) {
            check(alters, Cost { replaces: 1 << place, ..Cost::default() });
        }
    }
}
