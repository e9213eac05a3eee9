//! What can be thought through without a window: pure state and words, with tests.

pub mod geo;
pub mod notices;
pub mod place;
pub mod sync;
pub mod talk;
