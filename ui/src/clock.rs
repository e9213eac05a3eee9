//! The only module of the interface that reads the wall clock.

use gloo_timers::callback::Interval;
use porchlight_model::time::At;
use yew::prelude::*;

/// The current time.
#[must_use]
pub fn now() -> At {
    #[expect(clippy::cast_possible_truncation, reason = "milliseconds since 1970 fit an i64 for 292 million years")]
    At(js_sys::Date::now() as i64)
}

/// The current time, with a redraw every half minute so that "4 min ago" stays true.
#[hook]
pub fn use_now() -> At {
    let at = use_state(now);
    let seen = at.clone();
    use_effect_with((), move |()| {
        let ticking = Interval::new(30_000, move || seen.set(now()));
        move || drop(ticking)
    });
    // A page may be redrawn long after the last tick, e.g. when a phone wakes.
    now().max(*at)
}
