//! One binary for all integration tests: stories against a real relay, the fuzzers' seeds, and the rules of the house.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod archive;
mod encrypted;
mod files;
mod floors;
mod full_disk;
mod hints;
mod hub;
mod insider;
mod late;
mod leaving;
mod links;
mod places;
mod processes;
mod receipts;
mod restore;
mod reworded;
mod roles;
mod roster;
mod seeds;
mod simulate;
mod story;
mod tidy;
mod undone;
mod update;
mod waves;
