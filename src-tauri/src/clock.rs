//! The system clock; no other file of this program reads it.

use porchlight_engine::Clock;
use porchlight_model::time::At;
use std::time::{SystemTime, UNIX_EPOCH};

/// Reads the system's clock.
pub(crate) struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> At {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        At(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
    }
}
