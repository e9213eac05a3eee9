//! The simulation: a campaign's devices and its relay in one process, over a seeded network and seeded clocks.
//!
//! Engines, driver, relay and both databases are the real ones; only the network between them and the time are made up.
//! Read order: [`story`] is what may happen, [`draw`] makes one from a seed, [`world`] lets it happen, [`heal`] ends it well,
//! [`promise`] looks whether every promise of `docs/sync.md` was kept, [`shrink`] makes a broken one short, [`hunt`] does all that for many.

pub mod act;
pub mod carry;
pub mod cast;
pub mod device;
pub mod draw;
mod eye;
pub mod heal;
pub mod house;
pub mod hub;
pub mod hunt;
pub mod ledger;
mod people;
pub mod promise;
pub mod seen;
pub mod shrink;
pub mod story;
pub mod waves;
pub mod wire;
pub mod world;
