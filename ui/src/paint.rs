//! Doing things once the browser has painted what was shown before.

use gloo_timers::callback::Timeout;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;

/// Does `act` after the next painted frame, so that an answer to a tap is seen before the work of showing another page begins.
/// A page in the background is not painted: then at once.
pub fn after_paint(act: impl FnOnce() + 'static) {
    let window = web_sys::window().filter(|window| window.document().is_some_and(|page| !page.hidden()));
    let Some(window) = window else { return act() };
    let before_paint = Closure::once_into_js(move || Timeout::new(0, act).forget());
    // The request fails in no browser; were it to, the page would stay where it is, with its result recorded.
    let _ = window.request_animation_frame(before_paint.unchecked_ref());
}
