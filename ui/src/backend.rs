//! The only part that knows the shell: a Tauri window, or a browser with the engine in a dedicated worker.
//!
//! Pages ask with [`ask`], through the hooks, and hear of changes with [`listen`]. In a browser, one tab at a time holds the engine:
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

/// Whether the engine can be asked.
#[derive(Debug, Clone, PartialEq)]
pub enum Shell {
    /// Not known yet.
    Starting,
    /// It can.
    Ready,
    /// Another tab of this browser holds it.
    Elsewhere,
    /// It cannot; the message says why.
    Broken(ApiError),
}

/// Topics, every one: what may have changed while nobody listened.
pub const EVERY_TOPIC: [Topic; 9] = [
    Topic::Session,
    Topic::Sync,
    Topic::Visits,
    Topic::Turf,
    Topic::Script,
    Topic::Import,
    Topic::Roster,
    Topic::Invites,
    Topic::Drafts,
];

/// A call as it crosses to the shell.
#[must_use]
pub fn written(call: &AnyCall) -> String {
    // Calls are plain data with text keys: writing them cannot fail.
    serde_json::to_string(call).unwrap_or_default()
}

/// Asks the engine what [`written`] gave and waits for the reply, which [`read`] reads. A question whose shell died on it is
/// asked once more; a command is not, because it may have been done: it fails with a message that says so.
///
/// # Errors
/// What the engine answers; or that the shell died, or is not there.
pub async fn ask(call: String, is_question: bool) -> Result<String, ApiError> {
    let _act = (!is_question).then(acts::begin);
    match send(call.clone()).await {
        Err(error) if is_question && is_lost(&error) => send(call).await,
        first => first,
    }
}

/// Reads a reply of the shell.
///
/// # Errors
/// When it is not what was asked for: the shell is of another version.
pub fn read<T: DeserializeOwned>(reply: &str) -> Result<T, ApiError> {
    serde_json::from_str(reply).map_err(|error| unreadable(&error))
}

/// Hands a file that the person chose to the shell, which keeps it for the calls that read it.
///
/// # Errors
/// When the shell died, is not there, or cannot keep it.
pub async fn stage(file: web_sys::File) -> Result<ChosenFile, ApiError> {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a size in whole bytes")]
    let bytes = file.size() as u64;
    let name = file.name();
    let key = if tauri::is_here() { tauri::stage(file).await? } else { worker::stage(file).await? };
    Ok(ChosenFile { key, name, bytes })
}

/// Hands a file to the person, and tells what became of it, as far as that is known. `is_after_tap`: they have just tapped for it.
///
/// # Errors
/// When it could not be saved.
pub async fn save(file: &ExportFile, is_after_tap: bool) -> Result<Saved, ApiError> {
    if tauri::is_here() { tauri::save(file).await.map(Saved::There) } else { download::save(file, is_after_tap).await }
}

/// Hears every event of the shell until the returned [`Listening`] is dropped.
#[must_use]
pub fn listen(callback: Callback<Event>) -> Listening {
    EVENTS.with(|heard| Listening { _place: heard.borrow_mut().add(callback) })
}

/// Hears each change of [`shell`] until the returned [`Listening`] is dropped.
#[must_use]
pub fn watch(callback: Callback<Shell>) -> Listening {
    WATCHERS.with(|watchers| Listening { _place: watchers.borrow_mut().add(callback) })
}

/// Whether the engine can be asked at present.
#[must_use]
pub fn shell() -> Shell {
    SHELL.with(|shell| shell.borrow().clone())
}

/// Makes every page ask anew: what a "try again" does.
pub fn refresh() {
    acts::mark();
    tell(&Event::Changed { topics: EVERY_TOPIC.to_vec() });
}

/// Takes the engine over from another tab, or starts it again after it failed.
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

/// Listening ends when this is dropped.
#[derive(Debug)]
pub struct Listening {
    _place: Rc<()>,
}

async fn send(call: String) -> Result<String, ApiError> {
    if tauri::is_here() { tauri::call(call).await } else { worker::call(call).await }
}

/// Tells an event to all who listen.
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
        // What is read again for it comes behind the frame that answers the tap which caused it.
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

/// Reads an error as a shell sends it: the JSON of an [`ApiError`], or any text when the shell itself failed.
fn read_error(text: &str) -> ApiError {
    serde_json::from_str(text)
        .unwrap_or_else(|_| ApiError::new(ErrorCode::Failed, Message::new("shell-unreadable").with("detail", text)))
}

thread_local! {
    static SHELL: RefCell<Shell> = const { RefCell::new(Shell::Starting) };
    static EVENTS: RefCell<Audience<Event>> = const { RefCell::new(Audience(Vec::new())) };
    static WATCHERS: RefCell<Audience<Shell>> = const { RefCell::new(Audience(Vec::new())) };
}

/// Callbacks, each for as long as its listener holds the other end.
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
