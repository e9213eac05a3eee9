//! The relay, tested as its clients see it: over HTTP, on a free port, with a real store in a temporary folder and a clock set by hand.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod author;
mod carry;
mod conformance;
mod enrol;
mod fairness;
mod fleet;
mod forget;
mod grants;
mod hints;
mod hostile;
mod invites;
mod limits;
mod nodes;
mod packs;
mod program;
mod pull;
mod push;
mod receipts;
mod restart;
mod room;
mod roster;
mod sockets;
mod stores;
mod web;
mod world;
