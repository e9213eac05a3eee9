//! The three commands that the page can call.

use crate::{Opened, saved};
use porchlight_engine::dispatch;
use porchlight_model::calls::AnyCall;
use porchlight_model::calls::files::ExportFile;
use porchlight_model::message::{ApiError, ErrorCode, Message};
use tauri::ipc::{InvokeBody, Request};
use tauri::{AppHandle, Manager, State};

/// Answers one call: JSON in, JSON out; an error is the JSON of an [`ApiError`].
#[tauri::command]
pub(crate) async fn call(call: String, opened: State<'_, Opened>) -> Result<String, String> {
    let engine = opened.engine.as_ref().map_err(told)?;
    let call: AnyCall = serde_json::from_str(&call).map_err(|error| told(&failed("error-corrupt", error)))?;
    dispatch(engine, call).await.map_err(|error| told(&error))
}

/// Appends the request's raw body to the file that the header `x-key` names.
#[tauri::command(async)]
pub(crate) fn stage(request: Request<'_>, opened: State<'_, Opened>) -> Result<(), String> {
    let key = request.headers().get("x-key").and_then(|value| value.to_str().ok()).unwrap_or_default();
    let InvokeBody::Raw(bytes) = request.body() else {
        return Err(told(&failed("error-corrupt", "a file's bytes were expected")));
    };
    opened.files.append(key, bytes).map_err(|error| told(&failed("error-not-kept", error)))
}

/// Saves a file in the person's downloads folder without replacing any other, and returns its path. `text` and `is_binary` are as in an
/// [`ExportFile`].
#[tauri::command(async)]
pub(crate) fn save(name: String, text: String, is_binary: bool, app: AppHandle) -> Result<String, String> {
    let file = ExportFile { name, media_type: String::new(), text, n_rows: 0, is_binary };
    let folder = app.path().download_dir().or_else(|_| app.path().home_dir());
    let folder = folder.map_err(|error| told(&failed("error-not-kept", error)))?;
    let path = saved::write_beside(&folder, &file.name, &file.bytes())
        .map_err(|error| told(&failed("error-not-kept", error)))?;
    Ok(path.display().to_string())
}

fn failed(id: &str, detail: impl std::fmt::Display) -> ApiError {
    ApiError::new(ErrorCode::Failed, Message::new(id).with("detail", detail))
}

fn told(error: &ApiError) -> String {
    serde_json::to_string(error).unwrap_or_default()
}
