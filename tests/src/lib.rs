//! A world of canvassers, captains and coordinators around a real relay: for tests, the demo and benchmarks.

pub mod bench;
pub mod campaign;
pub mod field;
pub mod load;
pub mod newer;
pub mod older;
pub mod person;
pub mod phone;
pub mod progress;
pub mod relay;
pub mod runbook;
pub mod servers;
pub mod sim;
pub mod town;
pub mod wire;
