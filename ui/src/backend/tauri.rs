//! The engine in the native window's process, reached by Tauri commands.

use super::{lost, read_error, tell_json};
use js_sys::{ArrayBuffer, Function, Object, Promise, Reflect, Uint8Array};
use porchlight_model::calls::files::ExportFile;
use porchlight_model::message::ApiError;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

/// The event of the window's process to which the page listens.
const CHANNEL: &str = "porchlight-event";

/// The size of a file chunk in bytes.
const CHUNK_BYTES: f64 = 4.0 * 1024.0 * 1024.0;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_namespace = ["__TAURI__", "core"], js_name = invoke)]
    fn invoke(command: &str, with: &JsValue, options: &JsValue) -> Result<Promise, JsValue>;

    #[wasm_bindgen(catch, js_namespace = ["__TAURI__", "event"], js_name = listen)]
    fn listen(channel: &str, callback: &Function) -> Result<Promise, JsValue>;
}

/// Whether this page runs in the native window.
pub(super) fn is_here() -> bool {
    thread_local! {
        static IS_HERE: bool = web_sys::window()
            .and_then(|window| Reflect::get(&window, &"__TAURI__".into()).ok())
            .is_some_and(|tauri| tauri.is_object());
    }
    IS_HERE.with(|is_here| *is_here)
}

/// Subscribes to the events of the window's process.
pub(super) fn start() {
    let heard = Closure::<dyn FnMut(JsValue)>::new(|event: JsValue| {
        if let Some(text) = Reflect::get(&event, &"payload".into()).ok().and_then(|payload| payload.as_string()) {
            tell_json(&text);
        }
    });
    if let Err(error) = listen(CHANNEL, heard.as_ref().unchecked_ref()) {
        web_sys::console::warn_1(&error);
    }
    heard.forget();
}

/// Sends one call and waits for the answer.
pub(super) async fn call(call: String) -> Result<String, ApiError> {
    let with = Object::new();
    let _ = Reflect::set(&with, &"call".into(), &JsValue::from_str(&call));
    let answer = run("call", &with, &JsValue::UNDEFINED).await?;
    answer.as_string().ok_or_else(|| lost("shell-died"))
}

/// Stages a file in chunks under a fresh key, and returns the key.
pub(super) async fn stage(file: web_sys::File) -> Result<String, ApiError> {
    let key = crate::fresh::job().to_string();
    let headers = Object::new();
    let _ = Reflect::set(&headers, &"x-key".into(), &JsValue::from_str(&key));
    let _ = Reflect::set(&headers, &"x-name".into(), &js_sys::encode_uri_component(&file.name()));
    let options = Object::new();
    let _ = Reflect::set(&options, &"headers".into(), &headers);
    let mut from = 0.0;
    loop {
        let to = (from + CHUNK_BYTES).min(file.size());
        let chunk = file.slice_with_f64_and_f64(from, to).map_err(|error| failed(&error))?;
        let bytes = JsFuture::from(chunk.array_buffer()).await.map_err(|error| failed(&error))?;
        run("stage", &Uint8Array::new(bytes.unchecked_ref::<ArrayBuffer>()), &options).await?;
        from = to;
        if from >= file.size() {
            return Ok(key);
        }
    }
}

/// Saves a file in the person's downloads folder and returns its path.
pub(super) async fn save(file: &ExportFile) -> Result<String, ApiError> {
    let with = Object::new();
    let _ = Reflect::set(&with, &"name".into(), &JsValue::from_str(&file.name));
    let _ = Reflect::set(&with, &"text".into(), &JsValue::from_str(&file.text));
    let _ = Reflect::set(&with, &"isBinary".into(), &JsValue::from_bool(file.is_binary));
    let path = run("save", &with, &JsValue::UNDEFINED).await?;
    path.as_string().ok_or_else(|| lost("shell-died"))
}

async fn run(command: &str, with: &JsValue, options: &JsValue) -> Result<JsValue, ApiError> {
    let promise = invoke(command, with, options).map_err(|error| failed(&error))?;
    JsFuture::from(promise).await.map_err(|error| failed(&error))
}

fn failed(error: &JsValue) -> ApiError {
    error.as_string().map_or_else(|| lost("shell-died"), |text| read_error(&text))
}
