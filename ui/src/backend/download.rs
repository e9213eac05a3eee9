//! Saves a file in a browser: by the share sheet, by a file picker, or as a download.

use crate::state::saving::{Browser, Saved, Way};
use js_sys::{Array, Function, Object, Promise, Reflect, Uint8Array};
use porchlight_model::calls::files::ExportFile;
use porchlight_model::message::{ApiError, ErrorCode, Message};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, BlobPropertyBag, File, FilePropertyBag, HtmlAnchorElement, Url, Window};

/// Saves a file in the best way that this browser offers. `is_after_tap`: a person has just tapped for it, so that a browser which
/// requires a user gesture has one.
pub(super) async fn save(file: &ExportFile, is_after_tap: bool) -> Result<Saved, ApiError> {
    let window = web_sys::window().ok_or_else(|| not_saved(&JsValue::NULL))?;
    let made = made(file).map_err(|error| not_saved(&error))?;
    let browser = seen(&window, &made);
    let told = match browser.way() {
        Way::Share => share(&window, &made).await.map(|()| Saved::Shared),
        Way::Pick => pick(&window, file, &made).await.map(Saved::There),
        Way::Download => anchor(file, &made).map(|()| Saved::Handed(file.name.clone())),
        Way::Nowhere => Ok(Saved::Cannot),
    };
    match told {
        Err(error) if is(&error, "AbortError") => Ok(Saved::Dismissed),
        Err(error) if is(&error, "NotAllowedError") || is(&error, "SecurityError") => {
            web_sys::console::warn_1(&error);
            match browser.way() {
                _ if !is_after_tap => Ok(Saved::NeedsTap),
                // Not for lack of a user gesture: this page has no permission.
                Way::Pick => {
                    anchor(file, &made).map(|()| Saved::Handed(file.name.clone())).map_err(|error| not_saved(&error))
                }
                Way::Share | Way::Download | Way::Nowhere => Ok(Saved::Cannot),
            }
        }
        told => told.map_err(|error| not_saved(&error)),
    }
}

fn made(file: &ExportFile) -> Result<File, JsValue> {
    let kind = FilePropertyBag::new();
    kind.set_type(&file.media_type);
    let bytes = Uint8Array::from(file.bytes().as_slice());
    File::new_with_u8_array_sequence_and_options(&Array::of1(&bytes), &file.name, &kind)
}

/// The capabilities of this browser for this file.
fn seen(window: &Window, file: &File) -> Browser {
    let navigator = window.navigator();
    let matches = |query: &str| window.match_media(query).ok().flatten().is_some_and(|query| query.matches());
    let can_share = function(&navigator, "canShare")
        .and_then(|can| can.call1(&navigator, &shared(file)).ok())
        .is_some_and(|can| can.is_truthy());
    Browser {
        agent: navigator.user_agent().unwrap_or_default(),
        has_share: can_share && function(&navigator, "share").is_some(),
        has_picker: function(window, "showSaveFilePicker").is_some(),
        is_touched: matches("(pointer: coarse)"),
        is_ios_home_screen: Reflect::get(&navigator, &"standalone".into()).is_ok_and(|is| is.is_truthy()),
    }
}

fn shared(file: &File) -> Object {
    let shared = Object::new();
    let _ = Reflect::set(&shared, &"files".into(), &Array::of1(file));
    shared
}

async fn share(window: &Window, file: &File) -> Result<(), JsValue> {
    let navigator = window.navigator();
    run(&navigator, "share", &[shared(file).into()]).await.map(drop)
}

async fn pick(window: &Window, file: &ExportFile, made: &File) -> Result<String, JsValue> {
    let options = Object::new();
    let _ = Reflect::set(&options, &"suggestedName".into(), &JsValue::from_str(&file.name));
    let place = run(window, "showSaveFilePicker", &[options.into()]).await?;
    let stream = run(&place, "createWritable", &[]).await?;
    run(&stream, "write", &[made.into()]).await?;
    // The file is in place only after this completes.
    run(&stream, "close", &[]).await?;
    let name = Reflect::get(&place, &"name".into()).ok().and_then(|name| name.as_string());
    Ok(name.unwrap_or_else(|| file.name.clone()))
}

fn anchor(file: &ExportFile, made: &File) -> Result<(), JsValue> {
    let kind = BlobPropertyBag::new();
    kind.set_type(&file.media_type);
    let blob = Blob::new_with_blob_sequence_and_options(&Array::of1(made), &kind)?;
    let url = Url::create_object_url_with_blob(&blob)?;
    let document = web_sys::window().and_then(|window| window.document()).ok_or(JsValue::NULL)?;
    let anchor: HtmlAnchorElement = document.create_element("a")?.dyn_into()?;
    anchor.set_href(&url);
    anchor.set_download(&file.name);
    anchor.click();
    // The download has its own reference to the bytes by then.
    gloo_timers::callback::Timeout::new(60_000, move || {
        let _ = Url::revoke_object_url(&url);
    })
    .forget();
    Ok(())
}

fn function(of: &JsValue, name: &str) -> Option<Function> {
    Reflect::get(of, &name.into()).ok()?.dyn_into().ok()
}

/// Calls a method that returns a promise, and awaits it.
async fn run(of: &JsValue, name: &str, with: &[JsValue]) -> Result<JsValue, JsValue> {
    let method = function(of, name).ok_or(JsValue::NULL)?;
    let promise = method.apply(of, &with.iter().collect::<Array>())?;
    JsFuture::from(Promise::resolve(&promise)).await
}

fn is(error: &JsValue, name: &str) -> bool {
    Reflect::get(error, &"name".into()).is_ok_and(|of| of.as_string().as_deref() == Some(name))
}

fn not_saved(error: &JsValue) -> ApiError {
    web_sys::console::warn_1(error);
    ApiError::new(ErrorCode::Failed, Message::new("data-not-saved"))
}
