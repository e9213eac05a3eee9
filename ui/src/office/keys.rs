//! Single keys of a page, for those who work through a list without a mouse.

use std::rc::Rc;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Element, KeyboardEvent};
use yew::prelude::*;

/// What has single keys of its own, or takes letters.
const TAKES_KEYS: &str = "input, textarea, select, summary, [contenteditable]";

/// Calls `on_key` with each key that is pressed alone, once for a key that is held down, while nothing is typed and no sheet is open.
#[hook]
pub(super) fn use_keys(on_key: impl Fn(&str) + 'static) {
    let newest = use_mut_ref(|| Rc::new(|_: &str| ()) as Rc<dyn Fn(&str)>);
    *newest.borrow_mut() = Rc::new(on_key);
    use_effect_with((), move |()| {
        let pressed = Closure::<dyn FnMut(KeyboardEvent)>::new(move |event: KeyboardEvent| {
            if is_single(&event) {
                let on_key = newest.borrow().clone();
                on_key(&event.key().to_lowercase());
            }
        });
        let window = web_sys::window();
        if let Some(window) = &window {
            let _ = window.add_event_listener_with_callback("keydown", pressed.as_ref().unchecked_ref());
        }
        move || {
            if let Some(window) = window {
                let _ = window.remove_event_listener_with_callback("keydown", pressed.as_ref().unchecked_ref());
            }
        }
    });
}

fn is_single(event: &KeyboardEvent) -> bool {
    let page = web_sys::window().and_then(|window| window.document());
    let has_sheet = page.is_some_and(|page| page.query_selector("dialog[open]").is_ok_and(|found| found.is_some()));
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let takes_keys = target.is_some_and(|target| target.matches(TAKES_KEYS).unwrap_or_default());
    let has_modifier = event.ctrl_key() || event.meta_key() || event.alt_key();
    !has_sheet && !takes_keys && !has_modifier && !event.repeat()
}
