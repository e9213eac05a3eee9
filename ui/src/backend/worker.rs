//! The engine in a dedicated worker: sends calls as messages, and restarts a worker that crashed.

use super::{Shell, lost, read_error, set_shell, tell_json};
use futures_channel::oneshot;
use js_sys::{Object, Reflect};
use porchlight_model::message::{ApiError, ErrorCode, Message};
use std::cell::RefCell;
use std::collections::BTreeMap;
use wasm_bindgen::prelude::*;
use web_sys::{MessageEvent, Worker, WorkerOptions, WorkerType};

/// The worker of the same download as this interface.
const SCRIPT: &str = if cfg!(feature = "office") { "/office-app/worker.js" } else { "/worker.js" };

/// The global in which `boot.js` leaves the worker that loads in parallel with the interface.
const EARLY: &str = "porchlightWorker";

/// The global in which `boot.js` leaves the transport for a worker's requests to a hub.
const HUB: &str = "porchlightHub";

/// The name of a worker that replaces a crashed one; its engine then checks what caused the crash.
const AFTER_DEATH: &str = "after-death";

/// How often the worker is restarted in a row without an answer in between.
const MAX_DEATHS: u32 = 3;

type Answer = Result<String, ApiError>;

#[derive(Default)]
struct State {
    worker: Option<Running>,
    waiting: BTreeMap<u32, oneshot::Sender<Answer>>,
    last_id: u32,
    n_deaths: u32,
    /// Whether the current worker has answered anything.
    has_answered: bool,
}

struct Running {
    worker: Worker,
    _on_message: Closure<dyn FnMut(MessageEvent)>,
    _on_error: Closure<dyn FnMut(web_sys::Event)>,
}

thread_local! {
    static STATE: RefCell<State> = RefCell::new(State::default());
}

/// Starts the worker, unless it is running.
pub(super) fn start() {
    if STATE.with(|state| state.borrow().worker.is_some()) {
        return;
    }
    let is_after_death = STATE.with(|state| state.borrow().n_deaths > 0);
    match spawn(is_after_death) {
        Ok(running) => STATE.with(|state| state.borrow_mut().worker = Some(running)),
        Err(_) => set_shell(Shell::Broken(ApiError::new(ErrorCode::Failed, Message::new("shell-browser-old")))),
    }
}

/// Stops the worker; pending calls fail.
pub(super) fn stop() {
    end(&lost("shell-elsewhere"));
}

/// Whether there is a worker that has not answered anything yet, so that a fault means that it cannot start.
pub(super) fn is_stillborn() -> bool {
    STATE.with(|state| {
        let state = state.borrow();
        state.worker.is_some() && !state.has_answered
    })
}

/// Resets the count of crashes, because the person asked for a retry.
pub(super) fn forgive() {
    STATE.with(|state| state.borrow_mut().n_deaths = 0);
}

/// Sends one call and waits for the answer.
pub(super) async fn call(call: String) -> Answer {
    ask("call", &JsValue::from_str(&call)).await
}

/// Stages a file and waits for its key.
pub(super) async fn stage(file: web_sys::File) -> Answer {
    let key = ask("stage", &file).await?;
    Ok(serde_json::from_str(&key).unwrap_or(key))
}

async fn ask(what: &str, value: &JsValue) -> Answer {
    let answer = STATE.with(|state| {
        let mut state = state.borrow_mut();
        state.last_id += 1;
        let id = state.last_id;
        let message = Object::new();
        let _ = Reflect::set(&message, &"id".into(), &id.into());
        let _ = Reflect::set(&message, &what.into(), value);
        let running = state.worker.as_ref().ok_or_else(|| lost("shell-elsewhere"))?;
        running.worker.post_message(&message).map_err(|_| lost("shell-died"))?;
        let (sender, receiver) = oneshot::channel();
        state.waiting.insert(id, sender);
        Ok(receiver)
    })?;
    answer.await.unwrap_or_else(|_| Err(lost("shell-died")))
}

fn spawn(is_after_death: bool) -> Result<Running, JsValue> {
    let worker = early().map_or_else(|| fresh(is_after_death), Ok)?;
    let on_message = Closure::<dyn FnMut(MessageEvent)>::new(|event: MessageEvent| heard(&event.data()));
    let on_error = Closure::<dyn FnMut(web_sys::Event)>::new(|_: web_sys::Event| died());
    worker.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    worker.set_onerror(Some(on_error.as_ref().unchecked_ref()));
    let _ = worker.add_event_listener_with_callback("messageerror", on_error.as_ref().unchecked_ref());
    // The engine starts at the first message, which is not a call.
    worker.post_message(&Object::new())?;
    Ok(Running { worker, _on_message: on_message, _on_error: on_error })
}

/// Takes the worker that has been loading since the page began.
fn early() -> Option<Worker> {
    let global = js_sys::global();
    let worker = Reflect::get(&global, &EARLY.into()).ok()?.dyn_into().ok()?;
    Reflect::delete_property(&global, &EARLY.into()).ok()?;
    Some(worker)
}

fn fresh(is_after_death: bool) -> Result<Worker, JsValue> {
    let options = WorkerOptions::new();
    options.set_type(WorkerType::Module);
    if is_after_death {
        options.set_name(AFTER_DEATH);
    }
    let worker = Worker::new_with_options(SCRIPT, &options)?;
    if let Ok(hub) = Reflect::get(&js_sys::global(), &HUB.into()).and_then(|hub| hub.dyn_into::<js_sys::Function>()) {
        let _ = hub.call1(&JsValue::UNDEFINED, &worker);
    }
    Ok(worker)
}

/// Handles a message of the worker: an event, an answer, or its announcement of a crash.
fn heard(message: &JsValue) {
    let text = |name: &str| Reflect::get(message, &name.into()).ok().and_then(|value| value.as_string());
    if let Some(event) = text("event") {
        return tell_json(&event);
    }
    if Reflect::has(message, &"died".into()).unwrap_or(false) {
        return died();
    }
    let Some(id) = Reflect::get(message, &"id".into()).ok().and_then(|id| id.as_f64()) else { return };
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the id that was sent")]
    let id = id as u32;
    let sender = STATE.with(|state| {
        let mut state = state.borrow_mut();
        state.n_deaths = 0;
        state.has_answered = true;
        state.waiting.remove(&id)
    });
    let answer = match (text("ok"), text("err")) {
        (Some(ok), _) => Ok(ok),
        (None, Some(error)) => Err(read_error(&error)),
        (None, None) => Err(lost("shell-died")),
    };
    if let Some(sender) = sender {
        // The caller may have left the page, in which case nobody waits.
        let _ = sender.send(answer);
    }
}

/// Handles the end of a worker: starts another, unless it crashes repeatedly. Whatever it had committed is on disk.
fn died() {
    if crate::update::is_stale() {
        // A new worker would be of a newer version than this page.
        return crate::parts::reload();
    }
    let n_deaths = STATE.with(|state| {
        let mut state = state.borrow_mut();
        state.n_deaths += 1;
        state.n_deaths
    });
    let waiting = close();
    if n_deaths > MAX_DEATHS {
        set_shell(Shell::Broken(ApiError::new(ErrorCode::Failed, Message::new("shell-keeps-dying"))));
    } else {
        start();
    }
    fail(waiting, &lost("shell-died"));
    if n_deaths <= MAX_DEATHS {
        super::refresh();
    }
}

fn end(error: &ApiError) {
    fail(close(), error);
}

fn close() -> BTreeMap<u32, oneshot::Sender<Answer>> {
    STATE.with(|state| {
        let mut state = state.borrow_mut();
        if let Some(running) = state.worker.take() {
            running.worker.set_onmessage(None);
            running.worker.set_onerror(None);
            running.worker.terminate();
        }
        state.has_answered = false;
        std::mem::take(&mut state.waiting)
    })
}

fn fail(waiting: BTreeMap<u32, oneshot::Sender<Answer>>, error: &ApiError) {
    for sender in waiting.into_values() {
        let _ = sender.send(Err(error.clone()));
    }
}
