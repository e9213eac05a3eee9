//! What a person does: whether some of it is still on its way to the disk, and whether it was just done.

use crate::clock;
use std::cell::{Cell, RefCell};

/// How long after an act what changes counts as its outcome, in milliseconds.
const FRESH_MS: i64 = 1_000;

thread_local! {
    static N_UNDER_WAY: Cell<u32> = const { Cell::new(0) };
    /// When an act last began or ended.
    static LAST_MS: Cell<i64> = const { Cell::new(0) };
    static ONCE_CALM: RefCell<Vec<Box<dyn FnOnce()>>> = const { RefCell::new(Vec::new()) };
}

/// An act that is under way until this is dropped.
pub(super) struct Act;

/// An act begins.
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

/// A person did something that is no command.
pub(super) fn mark() {
    LAST_MS.set(clock::now().0);
}

/// Whether a person did something a moment ago: what changes then is most likely its outcome, and is shown at once.
#[must_use]
pub fn is_own_act_fresh() -> bool {
    (0..FRESH_MS).contains(&(clock::now().0 - LAST_MS.get()))
}

/// Does something once no act is under way any more: at once where there is none.
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
