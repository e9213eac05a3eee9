//! Arrow keys move the focus within a group of choices or tabs, as in the browser's own controls.

use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Element, HtmlElement, KeyboardEvent};

/// Installs the key listener; called once.
pub fn start() {
    let Some(window) = web_sys::window() else { return };
    let pressed = Closure::<dyn Fn(KeyboardEvent)>::new(|event: KeyboardEvent| {
        let step = match event.key().as_str() {
            "ArrowRight" | "ArrowDown" => 1,
            "ArrowLeft" | "ArrowUp" => -1,
            _ => return,
        };
        let here = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        if let Some(other) = here.and_then(|here| beside(&here, step)) {
            event.prevent_default();
            let _ = other.focus();
        }
    });
    let _ = window.add_event_listener_with_callback("keydown", pressed.as_ref().unchecked_ref());
    pressed.forget();
}

/// The choice `step` positions after this one, wrapping around.
fn beside(here: &Element, step: i32) -> Option<HtmlElement> {
    let role = here.get_attribute("role").filter(|role| role == "radio" || role == "tab")?;
    let group = here.closest("[role=radiogroup], [role=tablist]").ok()??;
    let all = group.query_selector_all(&format!("[role={role}]")).ok()?;
    let n = i32::try_from(all.length()).ok()?;
    let at = (0..n).find(|at| all.item(at.cast_unsigned()).is_some_and(|node| node.is_same_node(Some(here))))?;
    all.item((at + step).rem_euclid(n).cast_unsigned())?.dyn_into().ok()
}
