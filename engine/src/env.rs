//! The two things an engine cannot make up for itself: the time and chance.

use porchlight_model::time::At;
use std::sync::Arc;

/// The one reader of the wall clock.
pub trait Clock: Send + Sync {
    /// The time on this device, right or wrong.
    fn now(&self) -> At;
}

/// Where an engine runs.
#[derive(Clone)]
pub struct Env {
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// Seeds all chance: ids, actors, tokens. Fresh from the system for every start, fixed in simulations.
    pub seed: [u8; 32],
}

impl std::fmt::Debug for Env {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Env")
    }
}
