//! Counts what changes from outside cost before they are parsed or applied, and refuses what is over the budget of a document's kind.

use crate::doc::kind;
use crate::error::EngineError;
use crate::store::{changes, costs};
use crate::sync::absorb::read_change;
use automerge::Change;
use porchlight_model::budget::{Budget, Cost};
use porchlight_model::chunk;
use porchlight_model::id::{DocId, Sha256};
use porchlight_model::wire::DocKind;
use rusqlite::Connection;

/// Reads changes until they cost more than a document may.
#[derive(Debug)]
pub(crate) struct Meter {
    n_left: u64,
}

impl Meter {
    /// For as much as a document of this kind may cost on a device.
    pub(crate) const fn of(budget: &Budget) -> Self {
        Self { n_left: budget.ops_on_a_device() }
    }

    /// Reads one change.
    ///
    /// # Errors
    /// As [`read_change`], and [`EngineError::TooCostly`] once all that was read is over the budget.
    pub(crate) fn read(&mut self, bytes: Vec<u8>) -> Result<Change, EngineError> {
        let n_ops = chunk::cost(&bytes).map_or(0, |cost| cost.n_ops);
        self.n_left = self.n_left.checked_sub(n_ops).ok_or(EngineError::TooCostly)?;
        read_change(bytes)
    }
}

/// Refuses changes of which one, or the document together with those that are new to it, is over the budget.
///
/// # Errors
/// [`EngineError::TooCostly`], or when the database fails.
pub(crate) fn weigh(conn: &Connection, doc: DocId, kind: DocKind, incoming: &[Change]) -> Result<(), EngineError> {
    let budget = &kind::of(kind).budget;
    let spent = costs::of(conn, doc)?;
    let priced: Vec<(&Change, Cost)> = incoming.iter().map(|change| (change, cost_of(change))).collect();
    let n_told: u64 = priced.iter().map(|(_, cost)| cost.n_ops).sum();
    let is_harmless = spent.saturating_add(n_told) <= budget.ops_on_a_device();
    if is_harmless && !priced.iter().any(|(_, cost)| budget.is_over(cost)) {
        return Ok(());
    }
    // Some may be stored already, because a restored relay tells everything again.
    let mut n_ops = spent;
    for (change, cost) in priced {
        if !changes::is_stored(conn, doc, Sha256(change.hash().0))? {
            n_ops = n_ops.saturating_add(cost.n_ops);
            if budget.is_over(&cost) || n_ops > budget.ops_on_a_device() {
                return Err(EngineError::TooCostly);
            }
        }
    }
    Ok(())
}

/// Refuses to load a document whose stored changes are over the budget: an older program took them in.
///
/// # Errors
/// As [`weigh`].
pub(crate) fn check_stored(conn: &Connection, doc: DocId, kind: DocKind) -> Result<(), EngineError> {
    if costs::of(conn, doc)? > kind::of(kind).budget.ops_on_a_device() { Err(EngineError::TooCostly) } else { Ok(()) }
}

/// What a change costs; one that is not laid out as a bounded change costs more than any budget has.
pub(crate) fn cost_of(change: &Change) -> Cost {
    chunk::cost(change.raw_bytes()).unwrap_or(Cost { n_ops: u64::MAX / 4, ..Cost::default() })
}
