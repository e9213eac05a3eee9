//! Pure state and text, with tests that need no window.

pub mod archive;
pub mod bidi;
pub mod branches;
pub mod finder;
pub mod floors;
pub mod geo;
pub mod guard;
pub mod half_done;
pub mod importing;
pub mod notices;
pub mod place;
pub mod saving;
pub mod strip;
pub mod sync;
pub mod talk;
pub mod walk;
