//! Handing a file to the person in a browser: a download.

use porchlight_model::calls::files::ExportFile;
use porchlight_model::message::{ApiError, ErrorCode, Message};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Blob, BlobPropertyBag, HtmlAnchorElement, Url};

/// Downloads a file under its suggested name.
pub(super) fn download(file: &ExportFile) -> Result<(), ApiError> {
    anchor(file).map_err(|error| {
        web_sys::console::warn_1(&error);
        ApiError::new(ErrorCode::Failed, Message::new("data-not-saved"))
    })
}

fn anchor(file: &ExportFile) -> Result<(), JsValue> {
    let kind = BlobPropertyBag::new();
    kind.set_type(&file.media_type);
    let parts = js_sys::Array::of1(&js_sys::Uint8Array::from(file.bytes().as_slice()));
    let blob = Blob::new_with_u8_array_sequence_and_options(&parts, &kind)?;
    let url = Url::create_object_url_with_blob(&blob)?;
    let document = web_sys::window().and_then(|window| window.document()).ok_or(JsValue::NULL)?;
    let anchor: HtmlAnchorElement = document.create_element("a")?.dyn_into()?;
    anchor.set_href(&url);
    anchor.set_download(&file.name);
    anchor.click();
    // The download has its own hold on the bytes by then.
    gloo_timers::callback::Timeout::new(60_000, move || {
        let _ = Url::revoke_object_url(&url);
    })
    .forget();
    Ok(())
}
