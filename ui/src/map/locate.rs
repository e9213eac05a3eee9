//! Where this device is, asked once when a person wants to know; kept in the page only, never recorded.

use js_sys::Reflect;
use porchlight_model::place::LonLat;
use wasm_bindgen::prelude::*;

/// Finds this device and tells `found`; tells nothing when the person or the device refuses.
pub fn locate(found: impl FnOnce(LonLat) + 'static) {
    let Some(locator) = web_sys::window().and_then(|window| window.navigator().geolocation().ok()) else { return };
    let told = Closure::once_into_js(move |position: JsValue| {
        if let Some(at) = place(&position) {
            found(at);
        }
    });
    if let Err(error) = locator.get_current_position(told.unchecked_ref()) {
        web_sys::console::warn_1(&error);
    }
}

/// Reads a `GeolocationPosition`.
fn place(position: &JsValue) -> Option<LonLat> {
    let coords = Reflect::get(position, &"coords".into()).ok()?;
    let read = |name: &str| Reflect::get(&coords, &name.into()).ok()?.as_f64();
    Some(LonLat { lon: read("longitude")?, lat: read("latitude")? })
}
