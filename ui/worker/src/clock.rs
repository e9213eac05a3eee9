//! The browser's clock.

use porchlight_engine::Clock;
use porchlight_model::time::At;

/// Reads the browser's clock.
pub(crate) struct BrowserClock;

impl Clock for BrowserClock {
    fn now(&self) -> At {
        #[expect(clippy::cast_possible_truncation, reason = "whole milliseconds, far below 2^53")]
        At(js_sys::Date::now() as i64)
    }
}
