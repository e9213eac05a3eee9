//! The only module that reads the relay's wall clock; everywhere else the time is passed in.

use porchlight_model::time::At;
use std::time::{SystemTime, UNIX_EPOCH};

/// Tells the time.
pub trait Clock: Send + Sync {
    /// The instant at which it is asked.
    fn now(&self) -> At;
}

/// The machine's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct WallClock;

impl Clock for WallClock {
    fn now(&self) -> At {
        let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        At(i64::try_from(since_1970.as_millis()).unwrap_or(i64::MAX))
    }
}
