//! The engine in a browser: a dedicated worker that owns the database on OPFS and answers the page's calls.
//!
//! ```text
//! page → worker   {id, call: JSON}  {id, stage: File}
//! worker → page   {id, ok: JSON}    {id, err: JSON}     {event: JSON}
//! ```
//! A panic aborts the module; `worker.js` then tells the page, which starts another worker from what is on disk.
#![cfg(target_arch = "wasm32")]

mod answer;
mod clock;
mod files;
mod storage;
mod timer;

use crate::files::StagedFiles;
use js_sys::{Object, Reflect};
use porchlight_engine::{Engine, EngineHandle, Env, Shell, sync};
use porchlight_model::calls::Event;
use porchlight_model::message::ApiError;
use std::sync::Arc;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

/// The database's name in the storage pool.
const DATABASE: &str = "porchlight.db";

/// The name that the page gives to a worker that replaces a crashed one.
const AFTER_DEATH: &str = "after-death";

/// Opens the engine and begins to answer; `waiting` has the messages that arrived meanwhile.
///
/// # Errors
/// When the storage cannot be opened; the page is informed before.
#[wasm_bindgen]
pub async fn start(waiting: js_sys::Array) -> Result<(), JsValue> {
    std::panic::set_hook(Box::new(|info| web_sys::console::error_1(&info.to_string().into())));
    let files = Arc::new(StagedFiles);
    let handle = match open(Arc::clone(&files)).await {
        Ok(handle) => handle,
        Err(error) => {
            tell(&Event::Fault { error });
            return Ok(());
        }
    };
    let scope = scope()?;
    let hear = {
        let handle = handle.clone();
        Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            answer::answer(&handle, &files, &event.data());
        })
    };
    for message in waiting.iter() {
        let event = MessageEvent::new_with_event_init_dict("message", &init(&message))?;
        if let Some(function) = hear.as_ref().dyn_ref::<js_sys::Function>() {
            function.call1(&JsValue::NULL, &event)?;
        }
    }
    scope.set_onmessage(Some(hear.as_ref().unchecked_ref()));
    hear.forget();
    let online = {
        let handle = handle.clone();
        Closure::<dyn FnMut()>::new(move || handle.wake_sync())
    };
    scope.add_event_listener_with_callback("online", online.as_ref().unchecked_ref())?;
    online.forget();
    spawn_local(sync::run(handle, Arc::new(timer::BrowserTimer)));
    Ok(())
}

fn init(data: &JsValue) -> web_sys::MessageEventInit {
    let init = web_sys::MessageEventInit::new();
    init.set_data(data);
    init
}

async fn open(files: Arc<StagedFiles>) -> Result<EngineHandle, ApiError> {
    storage::install().await?;
    let env = Env { clock: Arc::new(clock::BrowserClock), seed: seed()? };
    let mut engine = Engine::open(DATABASE, env)?;
    if scope().is_ok_and(|scope| scope.name() == AFTER_DEATH) {
        sync::note_death(&mut engine)?;
    }
    // An event is sent after the answer to the call that caused it, because the person waits for the answer.
    let events = Arc::new(|event| spawn_local(async move { tell(&event) }));
    Ok(EngineHandle::new(engine, Shell { files, events, host: None }))
}

/// A random seed from the browser.
fn seed() -> Result<[u8; 32], ApiError> {
    let mut seed = [0; 32];
    let filled = scope().and_then(|scope| scope.crypto()?.get_random_values_with_u8_array(&mut seed).map(drop));
    filled.map_err(|error| storage::failed(&error))?;
    Ok(seed)
}

fn scope() -> Result<DedicatedWorkerGlobalScope, JsValue> {
    js_sys::global().dyn_into::<DedicatedWorkerGlobalScope>().map_err(JsValue::from)
}

/// Sends an event to the page.
fn tell(event: &Event) {
    if let Ok(text) = serde_json::to_string(event) {
        post(&[("event", text.into())]);
    }
}

/// Posts an object with these fields to the page.
fn post(fields: &[(&str, JsValue)]) {
    let message = Object::new();
    for (name, value) in fields {
        // Setting a field of a fresh object cannot fail.
        let _ = Reflect::set(&message, &(*name).into(), value);
    }
    if let Ok(scope) = scope()
        && let Err(error) = scope.post_message(&message)
    {
        web_sys::console::error_1(&error);
    }
}
