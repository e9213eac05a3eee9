//! The simulation: a campaign's devices and its relay in one process, over a seeded network and seeded clocks.
//!
//! Engines, driver, relay and both databases are real; only the network between them and the time are simulated.
//! Reading order: [`story`] defines what may happen, [`draw`] generates a story from a seed, [`world`] runs it, [`heal`] brings it to rest,
//! [`promise`] checks every promise of `docs/sync.md`, [`shrink`] shortens a failing story, [`hunt`] does all of that for many.

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
