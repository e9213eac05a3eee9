//! What captains and coordinators ask: how the campaign stands, one turf, one voter, search, and files to take away.

pub(crate) mod dashboard;
pub(crate) mod export;
pub(crate) mod history;
pub(crate) mod search;
pub(crate) mod turf;

use crate::engine::{Engine, Membership};
use crate::error::EngineError;

/// This device's membership.
///
/// # Errors
/// When it has not joined.
pub(crate) fn member(engine: &Engine) -> Result<Membership, EngineError> {
    engine.member().cloned()
}
