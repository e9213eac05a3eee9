//! How many people a filter takes.

use super::ready;
use crate::engine::Engine;
use crate::error::EngineError;
use crate::store::universe::list as rows;
use porchlight_model::calls::universe::{CountVoters, VoterCount};

/// Counts the people whom a filter takes, their doors, and those with a telephone.
pub(crate) fn count(engine: &mut Engine, call: &CountVoters) -> Result<VoterCount, EngineError> {
    let filter = ready::compiled(engine, &call.filter)?;
    let before = engine.device_now();
    let counted = rows::count(engine.conn(), &filter)?;
    let took_ms = engine.device_now().since_ms(before).max(0).unsigned_abs();
    Ok(VoterCount { took_ms, ..counted })
}
