//! A link in the address, an invite's or a hub's: it is taken out at once, so that neither a browser's history nor whoever looks over a shoulder keeps it.

use js_sys::Reflect;
use wasm_bindgen::{JsCast, JsValue};

/// Where `boot.js` puts what it took out of the address before anything else ran.
const TAKEN: &str = "porchlightLink";

/// The link behind the present address, if it carries one and shows `page`. Whoever takes it clears the address, through the router.
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
