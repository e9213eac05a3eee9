//! One binary for all integration tests: stories against a real relay, and the rules of the house.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod full_disk;
mod story;
mod tidy;
