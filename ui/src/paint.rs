//! Runs code after the browser has painted.

use gloo_timers::callback::Timeout;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;

/// Runs `act` after the next painted frame, so that the response to a tap is visible before the work of showing another page begins.
/// In the background, where pages are not painted, it runs at once.
pub fn after_paint(act: impl FnOnce() + 'static) {
    let window = web_sys::window().filter(|window| window.document().is_some_and(|page| !page.hidden()));
    let Some(window) = window else { return act() };
    let before_paint = Closure::once_into_js(move || Timeout::new(0, act).forget());
    // The request does not fail in any browser. If it did, the page would stay where it is, with its result recorded.
    let _ = window.request_animation_frame(before_paint.unchecked_ref());
}
