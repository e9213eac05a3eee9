//! Answers a message of the page.

use crate::files::StagedFiles;
use crate::post;
use js_sys::Reflect;
use porchlight_engine::{EngineHandle, dispatch};
use porchlight_model::calls::AnyCall;
use porchlight_model::message::{ApiError, ErrorCode, Message};
use std::sync::Arc;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::spawn_local;

/// Answers a message; messages without an id are ignored.
pub(crate) fn answer(handle: &EngineHandle, files: &Arc<StagedFiles>, message: &JsValue) {
    let field = |name: &str| Reflect::get(message, &name.into()).unwrap_or(JsValue::UNDEFINED);
    let id = field("id");
    if id.as_f64().is_none() {
        return;
    }
    if let Ok(file) = field("stage").dyn_into::<web_sys::File>() {
        let key = files.keep(file);
        return post(&[("id", id), ("ok", JsValue::from_str(&key))]);
    }
    let text = field("call").as_string().unwrap_or_default();
    match serde_json::from_str::<AnyCall>(&text) {
        Ok(call) => {
            let handle = handle.clone();
            spawn_local(async move {
                let result = dispatch(&handle, call).await;
                reply(id, result);
            });
        }
        Err(error) => {
            let message = Message::new("error-corrupt").with("detail", error);
            reply(id, Err(ApiError::new(ErrorCode::Failed, message)));
        }
    }
}

fn reply(id: JsValue, result: Result<String, ApiError>) {
    match result {
        Ok(text) => post(&[("id", id), ("ok", text.into())]),
        Err(error) => {
            let text = serde_json::to_string(&error).unwrap_or_default();
            post(&[("id", id), ("err", text.into())]);
        }
    }
}
