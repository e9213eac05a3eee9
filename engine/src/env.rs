//! The environment of an engine: its clock and its random seed.

use porchlight_model::time::At;
use std::sync::Arc;

/// The source of the wall-clock time.
pub trait Clock: Send + Sync {
    /// The time of this device's clock, right or wrong.
    fn now(&self) -> At;
}

/// The environment of an engine.
#[derive(Clone)]
pub struct Env {
    /// The device's clock.
    pub clock: Arc<dyn Clock>,
    /// The seed of all random values: ids, actors, tokens. It is fresh from the system for every start, and fixed in simulations.
    pub seed: [u8; 32],
}

impl std::fmt::Debug for Env {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Env")
    }
}
