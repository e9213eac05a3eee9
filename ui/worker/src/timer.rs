//! Timers in a browser.

use gloo_timers::future::TimeoutFuture;
use porchlight_engine::sync::Timer;
use porchlight_engine::sync::driver::Sleep;

/// A timer that uses the browser's timers.
pub(crate) struct BrowserTimer;

impl Timer for BrowserTimer {
    fn sleep(&self, ms: u64) -> Sleep {
        Box::pin(TimeoutFuture::new(u32::try_from(ms).unwrap_or(u32::MAX)))
    }
}
