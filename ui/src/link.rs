//! The invite or hub link in the address. It is removed from the address at once, so that neither the browser's history nor a bystander gets it.

use js_sys::Reflect;
use wasm_bindgen::{JsCast, JsValue};

/// The global in which `boot.js` leaves the link that it removed from the address before anything else ran.
const TAKEN: &str = "porchlightLink";

/// Takes the link of the current address, if there is one and the address shows `page`. The caller clears the address through the router.
#[must_use]
pub fn take(page: &str) -> Option<String> {
    let window = web_sys::window()?;
    let location = window.location();
    if location.pathname().ok()? != page {
        return None;
    }
    if location.hash().ok()?.len() > 1 {
        return location.href().ok();
    }
    let taken = Reflect::get(&window, &JsValue::from_str(TAKEN)).ok()?.as_string()?;
    let _ = Reflect::delete_property::<js_sys::Object>(window.unchecked_ref(), &JsValue::from_str(TAKEN));
    Some(taken)
}
