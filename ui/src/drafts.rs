//! Stores what a person types or chooses as a draft in the engine, from the first touch on, and restores it: after a reload, after
//! Back, on a page that was killed, or in another tab.
//!
//! A draft is written as soon as the previous one is on disk. There is no timer, so that nothing waits for a pause in typing, and no more
//! than one write runs at a time.

use crate::backend;
use crate::fresh;
use crate::hooks::Action;
use porchlight_model::calls::draft::{Act, DiscardDraft, Draft, FinishDraft, Finished, GetDraft, ListDrafts, PutDraft};
use porchlight_model::id::{DoorId, NoteId};
use porchlight_model::message::ApiError;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

thread_local! {
    /// The keeper of each key that was used since the page was loaded; unwritten text outlives the form.
    static KEEPERS: RefCell<BTreeMap<String, Rc<Keeper>>> = const { RefCell::new(BTreeMap::new()) };
}

/// Writes the draft of one key.
struct Keeper {
    key: String,
    door: Option<DoorId>,
    /// The text of a draft that is not written yet; empty if the draft is to be discarded.
    waiting: RefCell<Option<String>>,
    /// The text that is being written, with its number, as a later write may have begun already.
    under_way: RefCell<Option<(u64, String)>>,
    n_sent: Cell<u64>,
    is_writing: Cell<bool>,
    /// Whether the draft's act is running: what is typed meanwhile waits, and is dropped with the draft when the act succeeds.
    is_finishing: Cell<bool>,
    /// The callback for when nothing is being written.
    then: RefCell<Option<Box<dyn FnOnce()>>>,
    /// Why the last write failed.
    failed: RefCell<Option<ApiError>>,
    /// Redraws the form when that changes.
    told: RefCell<Option<UseForceUpdateHandle>>,
    /// The id of the last attempt to record this text, so that a retry after a lost reply is idempotent.
    makes: Cell<Option<NoteId>>,
}

impl Keeper {
    fn of(key: &str, door: Option<DoorId>) -> Rc<Self> {
        KEEPERS.with_borrow_mut(|keepers| {
            if keepers.is_empty() {
                keep_when_hidden();
            }
            let new = || {
                Rc::new(Self {
                    key: key.to_owned(),
                    door,
                    waiting: RefCell::default(),
                    under_way: RefCell::default(),
                    n_sent: Cell::default(),
                    is_writing: Cell::default(),
                    is_finishing: Cell::default(),
                    then: RefCell::default(),
                    failed: RefCell::default(),
                    told: RefCell::default(),
                    makes: Cell::default(),
                })
            };
            keepers.entry(key.to_owned()).or_insert_with(new).clone()
        })
    }

    fn keep(self: &Rc<Self>, body: String) {
        // A changed text is a new record and needs a new id.
        self.makes.set(None);
        self.waiting.replace(Some(body));
        self.write_all();
    }

    fn write_all(self: &Rc<Self>) {
        if !self.is_finishing.get() && !self.is_writing.replace(true) {
            let keeper = self.clone();
            spawn_local(async move { keeper.drain().await });
        }
    }

    /// Writes until nothing is pending, or a write fails.
    async fn drain(&self) {
        while self.write().await {}
        self.is_writing.set(false);
        if let Some(then) = self.then.take() {
            then();
        }
    }

    /// Calls `then` when nothing is being written.
    fn when_written(&self, then: impl FnOnce() + 'static) {
        if self.is_writing.get() {
            self.then.replace(Some(Box::new(then)));
        } else {
            then();
        }
    }

    /// Writes pending text; returns whether there was any. Text that could not be written waits for the next touch.
    async fn write(&self) -> bool {
        let Some(body) = self.waiting.take() else { return false };
        let number = self.n_sent.get() + 1;
        self.n_sent.set(number);
        self.under_way.replace(Some((number, body.clone())));
        let written = if body.is_empty() {
            backend::ask(backend::written(&DiscardDraft { key: self.key.clone() }.into()), false).await
        } else {
            let put = PutDraft { key: self.key.clone(), door: self.door, body: body.clone() };
            backend::ask(backend::written(&put.into()), false).await
        };
        let is_newest = self.n_sent.get() == number;
        if is_newest {
            self.under_way.take();
        }
        let error = written.err();
        let has_failed = error.is_some();
        if !has_failed {
            stash::forget(&self.key);
        } else if is_newest && self.waiting.borrow().is_none() {
            self.waiting.replace(Some(body));
        }
        if self.failed.replace(error).is_some() != has_failed
            && let Some(told) = self.told.borrow().as_ref()
        {
            told.force_update();
        }
        !has_failed
    }

    /// Sends pending text at once, concurrently with a running write.
    fn flush(self: &Rc<Self>) {
        if self.waiting.borrow().is_some() && !self.is_finishing.get() {
            let keeper = self.clone();
            spawn_local(async move {
                keeper.write().await;
            });
        }
    }

    /// The text that is not known to be on disk, for a page that is being left.
    fn unwritten(&self) -> Option<String> {
        let under_way = || self.under_way.borrow().as_ref().map(|(_, body)| body.clone());
        self.waiting.borrow().clone().or_else(under_way).filter(|_| !self.is_finishing.get())
    }

    /// The draft's text: pending text, or else what a page that was left had not written, or else what the engine has.
    async fn kept(self: &Rc<Self>) -> Option<String> {
        if let Some(waiting) = self.unwritten() {
            return Some(waiting);
        }
        if let Some(left) = stash::take(&self.key) {
            self.keep(left.clone());
            return Some(left);
        }
        let get = GetDraft { key: self.key.clone() };
        let reply = backend::ask(backend::written(&get.into()), true).await.ok()?;
        let draft: Option<Draft> = backend::read(&reply).ok()?;
        draft.map(|draft| draft.body)
    }
}

/// A hidden page may never be shown again: pending text is sent, and what a page that is being left can no longer write stays in
/// the tab's session storage.
fn keep_when_hidden() {
    let Some(window) = web_sys::window() else { return };
    let flush = Closure::<dyn Fn()>::new(|| {
        KEEPERS.with_borrow(|keepers| keepers.values().for_each(Keeper::flush));
    });
    if let Some(page) = window.document() {
        let _ = page.add_event_listener_with_callback("visibilitychange", flush.as_ref().unchecked_ref());
    }
    flush.forget();
    let leave = Closure::<dyn Fn()>::new(|| {
        KEEPERS.with_borrow(|keepers| {
            for keeper in keepers.values() {
                if let Some(body) = keeper.unwritten() {
                    stash::put(&keeper.key, &body);
                }
            }
        });
    });
    let _ = window.add_event_listener_with_callback("pagehide", leave.as_ref().unchecked_ref());
    leave.forget();
}

/// Session storage for drafts that a page had no time to write before it was unloaded; read again when the page is loaded.
mod stash {
    use web_sys::Storage;

    fn storage() -> Option<Storage> {
        web_sys::window()?.session_storage().ok()?
    }

    fn name(key: &str) -> String {
        format!("draft:{key}")
    }

    /// Stores the text of a draft.
    pub(super) fn put(key: &str, body: &str) {
        if let Some(storage) = storage() {
            let _ = storage.set_item(&name(key), body);
        }
    }

    /// Returns a stored text and removes it.
    pub(super) fn take(key: &str) -> Option<String> {
        let body = storage()?.get_item(&name(key)).ok()??;
        forget(key);
        Some(body)
    }

    /// Removes a stored text.
    pub(super) fn forget(key: &str) {
        if let Some(storage) = storage() {
            let _ = storage.remove_item(&name(key));
        }
    }
}

/// The draft of one key. [`Default`] is the value before the first touch, and is not a draft.
pub struct Drafted<T> {
    keeper: Rc<Keeper>,
    cell: Rc<RefCell<Option<Rc<T>>>>,
    discarded: Rc<RefCell<Option<Rc<T>>>>,
    /// Whether its act is done: what is shown until the form disappears is no longer a draft.
    is_done: Rc<Cell<bool>>,
    redraw: UseForceUpdateHandle,
}

impl<T> Clone for Drafted<T> {
    fn clone(&self) -> Self {
        Self {
            keeper: self.keeper.clone(),
            cell: self.cell.clone(),
            discarded: self.discarded.clone(),
            is_done: self.is_done.clone(),
            redraw: self.redraw.clone(),
        }
    }
}

impl<T: PartialEq> PartialEq for Drafted<T> {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.cell, &other.cell) && Rc::ptr_eq(&self.keeper, &other.keeper)
    }
}

impl<T> Drafted<T>
where
    T: Serialize + DeserializeOwned + Default + PartialEq + 'static,
{
    /// The current value; `None` until the stored draft is loaded.
    #[must_use]
    pub fn value(&self) -> Option<Rc<T>> {
        self.cell.borrow().clone()
    }

    /// Why the last write failed, if it did.
    #[must_use]
    pub fn failed(&self) -> Option<ApiError> {
        self.keeper.failed.borrow().clone()
    }

    /// Shows and stores another value; does nothing once the act is done.
    pub fn set(&self, value: T) {
        if self.is_done.get() {
            return;
        }
        let body =
            if value == T::default() { String::new() } else { serde_json::to_string(&value).unwrap_or_default() };
        self.cell.replace(Some(Rc::new(value)));
        self.keeper.keep(body);
        self.redraw.force_update();
    }

    /// Changes the current value, not the one that was last drawn.
    pub fn change(&self, change: impl FnOnce(&T) -> T) {
        let before = self.value().unwrap_or_default();
        self.set(change(&before));
    }

    /// Discards the draft; [`Self::bring_back`] undoes that.
    pub fn discard(&self) {
        self.discarded.replace(self.value());
        self.set(T::default());
    }

    /// Whether the draft was discarded and nothing was typed since.
    #[must_use]
    pub fn has_discarded(&self) -> bool {
        self.discarded.borrow().is_some() && self.value().is_some_and(|value| *value == T::default())
    }

    /// Restores the discarded draft.
    pub fn bring_back(&self)
    where
        T: Clone,
    {
        if let Some(value) = self.discarded.take() {
            self.set((*value).clone());
        }
    }

    /// Carries out the draft's act, once. The same transaction removes the draft; if it fails, the draft stays. The form
    /// is unchanged until it disappears or is reset with [`Self::begin_anew`].
    pub fn finish(&self, action: &Action, act: Act, done: impl FnOnce(Finished) + 'static) {
        if action.is_running() || self.is_done.get() || self.keeper.is_finishing.replace(true) {
            return;
        }
        let (drafted, action, keeper) = (self.clone(), action.clone(), self.keeper.clone());
        // After all pending writes: a later write would restore the draft.
        self.keeper.when_written(move || {
            let (of_failed, key) = (keeper.clone(), keeper.key.clone());
            let failed = move || {
                of_failed.is_finishing.set(false);
                of_failed.write_all();
            };
            let makes = keeper.makes.get().unwrap_or_else(fresh::note);
            keeper.makes.set(Some(makes));
            let done = move |finished| {
                keeper.makes.set(None);
                keeper.waiting.take();
                keeper.is_finishing.set(false);
                drafted.is_done.set(true);
                done(finished);
            };
            action.run_or(FinishDraft { key, act, makes: Some(makes) }, done, failed);
        });
    }

    /// Resets the form to the value before the first touch, once the act is done.
    pub fn begin_anew(&self) {
        self.is_done.set(false);
        self.cell.replace(Some(Rc::new(T::default())));
        self.redraw.force_update();
    }
}

/// The draft of `key`, listed at `door` if it is about one. A form that is drawn with another key shows that key's draft.
#[hook]
pub fn use_draft<T>(key: String, door: Option<DoorId>) -> Drafted<T>
where
    T: Serialize + DeserializeOwned + Default + PartialEq + 'static,
{
    let redraw = use_force_update();
    let drafted = use_memo(key, move |key| {
        let (keeper, cell) = (Keeper::of(key, door), Rc::new(RefCell::new(None)));
        keeper.told.replace(Some(redraw.clone()));
        Drafted::<T> { keeper, cell, discarded: Rc::default(), is_done: Rc::default(), redraw }
    });
    use_effect_with(drafted.keeper.key.clone(), {
        let drafted = (*drafted).clone();
        move |_| {
            spawn_local(async move {
                let kept = drafted.keeper.kept().await.and_then(|body| serde_json::from_str(&body).ok());
                // A change that was made before the answer came wins.
                if drafted.cell.borrow().is_none() {
                    drafted.cell.replace(Some(Rc::new(kept.unwrap_or_default())));
                    drafted.redraw.force_update();
                }
            });
        }
    });
    (*drafted).clone()
}

/// Parses a draft, if it is of that kind.
#[must_use]
pub fn read<T: DeserializeOwned>(draft: &Draft) -> Option<T> {
    serde_json::from_str(&draft.body).ok()
}

/// The call that lists the drafts at a door.
#[must_use]
pub const fn at(door: DoorId) -> ListDrafts {
    ListDrafts { door: Some(door) }
}
