//! Tells which turf this device holds.

use crate::engine::Engine;
use crate::error::EngineError;
use crate::store::field::turfs;
use porchlight_model::calls::field::{MyTurf, TurfCard};

/// Every turf of this device in the order in which they were cut; those that were taken back are left out.
///
/// # Errors
/// When the database fails.
pub fn my_turf(engine: &mut Engine, _: &MyTurf) -> Result<Vec<TurfCard>, EngineError> {
    turfs::cards(engine.conn())
}
