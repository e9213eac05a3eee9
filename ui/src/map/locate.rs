//! Where this device is, asked once when a person wants to know; kept in the page only, never recorded.

use js_sys::Reflect;
use porchlight_model::place::LonLat;
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::prelude::*;

/// Finds this device and tells `found`, once; tells nothing found when the person or the device refuses.
pub fn locate(found: impl FnOnce(Option<LonLat>) + 'static) {
    let found = Rc::new(RefCell::new(Some(found)));
    let tell = move |at: Option<LonLat>| {
        if let Some(found) = found.borrow_mut().take() {
            found(at);
        }
    };
    let Some(locator) = web_sys::window().and_then(|window| window.navigator().geolocation().ok()) else {
        return tell(None);
    };
    let (told, refused) = (tell.clone(), tell.clone());
    let told = Closure::once_into_js(move |position: JsValue| told(place(&position)));
    let refused = Closure::once_into_js(move |_: JsValue| refused(None));
    let asked = locator.get_current_position_with_error_callback(told.unchecked_ref(), Some(refused.unchecked_ref()));
    if let Err(error) = asked {
        web_sys::console::warn_1(&error);
        tell(None);
    }
}

/// Reads a `GeolocationPosition`.
fn place(position: &JsValue) -> Option<LonLat> {
    let coords = Reflect::get(position, &"coords".into()).ok()?;
    let read = |name: &str| Reflect::get(&coords, &name.into()).ok()?.as_f64();
    Some(LonLat { lon: read("longitude")?, lat: read("latitude")? })
}
