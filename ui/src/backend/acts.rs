//! Tracks the person's acts: whether one is not yet on disk, and whether one has just ended.

use crate::clock;
use std::cell::{Cell, RefCell};

/// For how long after an act a change counts as its outcome, in milliseconds.
const FRESH_MS: i64 = 1_000;

thread_local! {
    static N_UNDER_WAY: Cell<u32> = const { Cell::new(0) };
    /// When an act last began or ended.
    static LAST_MS: Cell<i64> = const { Cell::new(0) };
    static ONCE_CALM: RefCell<Vec<Box<dyn FnOnce()>>> = const { RefCell::new(Vec::new()) };
}

/// A pending act, which ends when this is dropped.
pub(super) struct Act;

/// Begins an act.
pub(super) fn begin() -> Act {
    N_UNDER_WAY.set(N_UNDER_WAY.get() + 1);
    mark();
    Act
}

impl Drop for Act {
    fn drop(&mut self) {
        N_UNDER_WAY.set(N_UNDER_WAY.get().saturating_sub(1));
        mark();
        run_if_calm();
    }
}

/// Records an act of the person that is not a command.
pub(super) fn mark() {
    LAST_MS.set(clock::now().0);
}

/// Whether the person acted a moment ago, so that a change is most likely the outcome and is shown at once.
#[must_use]
pub fn is_own_act_fresh() -> bool {
    (0..FRESH_MS).contains(&(clock::now().0 - LAST_MS.get()))
}

/// Runs `act` when no act is pending; at once if there is none.
pub fn when_calm(act: impl FnOnce() + 'static) {
    ONCE_CALM.with(|waiting| waiting.borrow_mut().push(Box::new(act)));
    run_if_calm();
}

fn run_if_calm() {
    if N_UNDER_WAY.get() == 0 {
        for act in ONCE_CALM.take() {
            act();
        }
    }
}
