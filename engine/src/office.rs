//! The office's calls, for captains and coordinators: the dashboard, one turf, one voter, search, and exported files.

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
