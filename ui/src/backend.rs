//! The only part that knows the shell: a Tauri window, or a browser with the engine in a dedicated worker.
//!
//! Pages send calls with [`ask`], through the hooks, and receive events with [`listen`]. In a browser, only one tab at a time runs the engine:
//!
//! ```text
//! Starting --lock free--> Ready --another tab takes over--> Elsewhere --"use it here"--> Ready
//!     \--storage cannot be used--> Broken <--engine fails again and again-- Ready
//! ```

mod acts;
mod download;
mod lock;
mod tauri;
mod worker;

pub use acts::{is_own_act_fresh, when_calm};

use crate::paint::after_paint;
use crate::state::saving::Saved;
use porchlight_model::calls::files::{ChosenFile, ExportFile};
use porchlight_model::calls::{AnyCall, Event, Topic};
use porchlight_model::message::{ApiError, ErrorCode, Message};
use serde::de::DeserializeOwned;
use std::cell::RefCell;
use std::rc::Rc;
use yew::Callback;

/// The state of the shell.
#[derive(Debug, Clone, PartialEq)]
pub enum Shell {
    /// Not known yet.
    Starting,
    /// The engine answers calls.
    Ready,
    /// Another tab of this browser runs the engine.
    Elsewhere,
    /// The engine cannot run; the message says why.
    Broken(ApiError),
}

/// All topics, because any of them may have changed while nobody listened.
pub const EVERY_TOPIC: [Topic; 10] = [
    Topic::Session,
    Topic::Sync,
    Topic::Visits,
    Topic::Turf,
    Topic::Script,
    Topic::Import,
    Topic::Roster,
    Topic::Invites,
    Topic::Drafts,
    Topic::Plans,
];

/// Serialises a call for the shell.
#[must_use]
pub fn written(call: &AnyCall) -> String {
    // Calls are plain data with string keys, so that serialising cannot fail.
    serde_json::to_string(call).unwrap_or_default()
}

/// Sends a call from [`written`] to the engine and waits for the reply, which [`read`] parses. A query whose shell crashed is
/// retried once. A command is not, because it may have been executed: it fails with a message that says so.
///
/// # Errors
/// The engine's error, or that the shell crashed or is not running.
pub async fn ask(call: String, is_question: bool) -> Result<String, ApiError> {
    let _act = (!is_question).then(acts::begin);
    match send(call.clone()).await {
        Err(error) if is_question && is_lost(&error) => send(call).await,
        first => first,
    }
}

/// Parses a reply of the shell.
///
/// # Errors
/// When the reply has another form, because the shell is of another version.
pub fn read<T: DeserializeOwned>(reply: &str) -> Result<T, ApiError> {
    serde_json::from_str(reply).map_err(|error| unreadable(&error))
}

/// Passes a file that the person chose to the shell, which stages it for the calls that read it.
///
/// # Errors
/// When the shell crashed, is not running, or cannot store the file.
pub async fn stage(file: web_sys::File) -> Result<ChosenFile, ApiError> {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a size in whole bytes")]
    let bytes = file.size() as u64;
    let name = file.name();
    let key = if tauri::is_here() { tauri::stage(file).await? } else { worker::stage(file).await? };
    Ok(ChosenFile { key, name, bytes })
}

/// Saves a file for the person, and returns what became of it, as far as that is known. `is_after_tap`: they have just tapped for it.
///
/// # Errors
/// When it could not be saved.
pub async fn save(file: &ExportFile, is_after_tap: bool) -> Result<Saved, ApiError> {
    if tauri::is_here() { tauri::save(file).await.map(Saved::There) } else { download::save(file, is_after_tap).await }
}

/// Calls back with every event of the shell until the returned [`Listening`] is dropped.
#[must_use]
pub fn listen(callback: Callback<Event>) -> Listening {
    EVENTS.with(|heard| Listening { _place: heard.borrow_mut().add(callback) })
}

/// Calls back with each change of [`shell`] until the returned [`Listening`] is dropped.
#[must_use]
pub fn watch(callback: Callback<Shell>) -> Listening {
    WATCHERS.with(|watchers| Listening { _place: watchers.borrow_mut().add(callback) })
}

/// The current state of the shell.
#[must_use]
pub fn shell() -> Shell {
    SHELL.with(|shell| shell.borrow().clone())
}

/// Makes every page reload its data, as "Try again" does.
pub fn refresh() {
    acts::mark();
    tell(&Event::Changed { topics: EVERY_TOPIC.to_vec() });
}

/// Takes over the engine from another tab, or restarts it after a failure.
pub fn take_over() {
    if tauri::is_here() {
        refresh();
    } else {
        worker::forgive();
        lock::steal();
    }
}

/// Whether this is the native window.
#[must_use]
pub fn is_native() -> bool {
    tauri::is_here()
}

/// Starts the shell; called once.
pub fn start() {
    if tauri::is_here() {
        tauri::start();
        set_shell(Shell::Ready);
    } else {
        lock::start();
    }
}

/// A subscription, which ends when it is dropped.
#[derive(Debug)]
pub struct Listening {
    _place: Rc<()>,
}

async fn send(call: String) -> Result<String, ApiError> {
    if tauri::is_here() { tauri::call(call).await } else { worker::call(call).await }
}

/// Delivers an event to all listeners.
fn tell(event: &Event) {
    let callbacks = EVENTS.with(|heard| heard.borrow_mut().present());
    for callback in callbacks {
        callback.emit(event.clone());
    }
}

fn tell_json(text: &str) {
    match serde_json::from_str::<Event>(text) {
        Ok(Event::TakenOver) => lock::lost(),
        Ok(Event::Fault { error }) if worker::is_stillborn() => {
            worker::stop();
            set_shell(Shell::Broken(error));
        }
        // Data is reloaded after the frame that responds to the tap which caused the change.
        Ok(event @ Event::Changed { .. }) => after_paint(move || tell(&event)),
        Ok(event) => tell(&event),
        Err(error) => web_sys::console::warn_1(&format!("an event could not be read: {error}").into()),
    }
}

fn set_shell(to: Shell) {
    let was = SHELL.with(|shell| shell.replace(to.clone()));
    if was != to {
        let callbacks = WATCHERS.with(|watchers| watchers.borrow_mut().present());
        for callback in callbacks {
            callback.emit(to.clone());
        }
    }
}

const LOST: [&str; 2] = ["shell-died", "shell-elsewhere"];

fn lost(id: &str) -> ApiError {
    ApiError::new(ErrorCode::Failed, Message::new(id))
}

fn is_lost(error: &ApiError) -> bool {
    LOST.contains(&error.message.id.as_str())
}

fn unreadable(error: &serde_json::Error) -> ApiError {
    ApiError::new(ErrorCode::Failed, Message::new("shell-unreadable").with("detail", error))
}

/// Parses an error of the shell: the JSON of an [`ApiError`], or any text when the shell itself failed.
fn read_error(text: &str) -> ApiError {
    serde_json::from_str(text)
        .unwrap_or_else(|_| ApiError::new(ErrorCode::Failed, Message::new("shell-unreadable").with("detail", text)))
}

thread_local! {
    static SHELL: RefCell<Shell> = const { RefCell::new(Shell::Starting) };
    static EVENTS: RefCell<Audience<Event>> = const { RefCell::new(Audience(Vec::new())) };
    static WATCHERS: RefCell<Audience<Shell>> = const { RefCell::new(Audience(Vec::new())) };
}

/// Callbacks, each alive for as long as its listener holds the [`Listening`].
struct Audience<T>(Vec<(std::rc::Weak<()>, Callback<T>)>);

impl<T> Audience<T> {
    fn add(&mut self, callback: Callback<T>) -> Rc<()> {
        let place = Rc::new(());
        self.0.push((Rc::downgrade(&place), callback));
        place
    }

    fn present(&mut self) -> Vec<Callback<T>> {
        self.0.retain(|(place, _)| place.strong_count() > 0);
        self.0.iter().map(|(_, callback)| callback.clone()).collect()
    }
}
