//! The storage pool on the origin private file system. Only one worker of an origin may hold it.

use gloo_timers::future::TimeoutFuture;
use porchlight_model::message::{ApiError, ErrorCode, Message};
use sqlite_wasm_rs::WasmOsCallback;
use sqlite_wasm_vfs::sahpool::{OpfsSAHPoolCfg, install as install_pool};
use wasm_bindgen::JsValue;

/// The maximum number of attempts while a worker that is ending still holds the pool.
const TRIES: u32 = 20;
/// The delay between two attempts, in milliseconds.
const BETWEEN_TRIES_MS: u32 = 150;

/// Installs the pool as SQLite's storage.
///
/// # Errors
/// When the browser has no such storage, or another worker does not release it.
pub(crate) async fn install() -> Result<(), ApiError> {
    let mut tries = 0;
    loop {
        match install_pool::<WasmOsCallback>(&OpfsSAHPoolCfg::default(), true).await {
            Ok(_) => return Ok(()),
            Err(error) => {
                tries += 1;
                if tries == TRIES {
                    let detail = format!("{error:?}");
                    return Err(ApiError::new(ErrorCode::Failed, Message::new("error-storage").with("detail", detail)));
                }
                TimeoutFuture::new(BETWEEN_TRIES_MS).await;
            }
        }
    }
}

/// Converts an error of the browser.
pub(crate) fn failed(error: &JsValue) -> ApiError {
    ApiError::new(ErrorCode::Failed, Message::new("error-storage").with("detail", format!("{error:?}")))
}
