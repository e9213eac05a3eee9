//! Laws and examples of what happens at doors, with real engines on real databases; each device has its own clock.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod added;
mod costly;
mod dangers;
mod days;
mod deadly;
mod decided;
mod door;
mod drafts;
mod earlier;
mod full;
mod grace;
mod insider;
mod kinds;
mod liars;
mod merge;
mod older;
mod own;
mod plans;
mod progress;
mod relay;
mod residents;
mod town;
mod undo;
mod universe;
mod walk;
