//! Timers and random seeds from the operating system.

use porchlight_engine::sync::Timer;
use porchlight_engine::sync::driver::Sleep;
use porchlight_model::message::{ApiError, ErrorCode, Message};
use std::time::Duration;

/// A timer that uses the runtime's timers.
pub(crate) struct SystemTimer;

impl Timer for SystemTimer {
    fn sleep(&self, ms: u64) -> Sleep {
        Box::pin(tokio::time::sleep(Duration::from_millis(ms)))
    }
}

/// A fresh random seed for one start of the program.
pub(crate) fn seed() -> Result<[u8; 32], ApiError> {
    let mut seed = [0; 32];
    getrandom::fill(&mut seed)
        .map_err(|error| ApiError::new(ErrorCode::Failed, Message::new("error-storage").with("detail", error)))?;
    Ok(seed)
}
