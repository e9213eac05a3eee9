//! Keeps what a person types or chooses as a draft in the engine, from the first touch on, and brings it back: after a reload, after
//! Back, on a page that was killed, in another tab.
//!
//! A draft is written as soon as the one before it is on the disk: no clock, so that nothing waits for a pause in the typing, and no more
//! than one write at a time.

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
    /// The keeper of each key that was used since the page began: what it has not written yet outlives the form.
    static KEEPERS: RefCell<BTreeMap<String, Rc<Keeper>>> = const { RefCell::new(BTreeMap::new()) };
}

/// Writes the draft of one key.
struct Keeper {
    key: String,
    door: Option<DoorId>,
    /// The text of a draft that is not written yet; an empty one is to be discarded.
    waiting: RefCell<Option<String>>,
    is_writing: Cell<bool>,
    /// Why the last write failed.
    failed: RefCell<Option<ApiError>>,
    /// Draws the form anew when that changes.
    told: RefCell<Option<UseForceUpdateHandle>>,
    /// The id under which what stands was last tried to be recorded: trying again after a lost reply records it once.
    makes: Cell<Option<NoteId>>,
}

impl Keeper {
    fn of(key: &str, door: Option<DoorId>) -> Rc<Self> {
        KEEPERS.with_borrow_mut(|keepers| {
            if keepers.is_empty() {
                flush_when_hidden();
            }
            let new = || {
                let (waiting, is_writing) = (RefCell::default(), Cell::new(false));
                let (failed, told) = (RefCell::default(), RefCell::default());
                Rc::new(Self { key: key.to_owned(), door, waiting, is_writing, failed, told, makes: Cell::new(None) })
            };
            keepers.entry(key.to_owned()).or_insert_with(new).clone()
        })
    }

    fn keep(self: &Rc<Self>, body: String) {
        // Another text is another note.
        self.makes.set(None);
        self.waiting.replace(Some(body));
        if !self.is_writing.replace(true) {
            let keeper = self.clone();
            spawn_local(async move {
                while keeper.write().await {}
                keeper.is_writing.set(false);
            });
        }
    }

    /// Writes what waits; tells whether there was anything. What could not be written waits for the next touch.
    async fn write(&self) -> bool {
        let Some(body) = self.waiting.take() else { return false };
        let written = if body.is_empty() {
            backend::ask(backend::written(&DiscardDraft { key: self.key.clone() }.into()), false).await
        } else {
            let put = PutDraft { key: self.key.clone(), door: self.door, body: body.clone() };
            backend::ask(backend::written(&put.into()), false).await
        };
        let error = written.err();
        let has_failed = error.is_some();
        if has_failed && self.waiting.borrow().is_none() {
            self.waiting.replace(Some(body));
        }
        if self.failed.replace(error).is_some() != has_failed
            && let Some(told) = self.told.borrow().as_ref()
        {
            told.force_update();
        }
        !has_failed
    }

    /// Sends what waits at once; the engine does things in the order in which they are sent.
    fn flush(self: &Rc<Self>) {
        if self.waiting.borrow().is_some() {
            let keeper = self.clone();
            spawn_local(async move {
                keeper.write().await;
            });
        }
    }

    /// What is kept: what waits to be written, or else what the engine has.
    async fn kept(self: &Rc<Self>) -> Option<String> {
        if let Some(waiting) = self.waiting.borrow().clone() {
            return Some(waiting);
        }
        let get = GetDraft { key: self.key.clone() };
        let reply = backend::ask(backend::written(&get.into()), true).await.ok()?;
        let draft: Option<Draft> = backend::read(&reply).ok()?;
        draft.map(|draft| draft.body)
    }
}

/// A page that is hidden may never be shown again.
fn flush_when_hidden() {
    let flush = Closure::<dyn Fn()>::new(|| {
        KEEPERS.with_borrow(|keepers| keepers.values().for_each(Keeper::flush));
    });
    if let Some(window) = web_sys::window() {
        let _ = window.add_event_listener_with_callback("pagehide", flush.as_ref().unchecked_ref());
        if let Some(page) = window.document() {
            let _ = page.add_event_listener_with_callback("visibilitychange", flush.as_ref().unchecked_ref());
        }
    }
    flush.forget();
}

/// What is typed or chosen under one key. [`Default`] is what is there before the first touch, and is no draft.
pub struct Drafted<T> {
    keeper: Rc<Keeper>,
    cell: Rc<RefCell<Option<Rc<T>>>>,
    discarded: Rc<RefCell<Option<Rc<T>>>>,
    redraw: UseForceUpdateHandle,
}

impl<T> Clone for Drafted<T> {
    fn clone(&self) -> Self {
        Self {
            keeper: self.keeper.clone(),
            cell: self.cell.clone(),
            discarded: self.discarded.clone(),
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
    /// What stands; `None` until it is known what was kept.
    #[must_use]
    pub fn value(&self) -> Option<Rc<T>> {
        self.cell.borrow().clone()
    }

    /// Why what was typed last could not be kept.
    #[must_use]
    pub fn failed(&self) -> Option<ApiError> {
        self.keeper.failed.borrow().clone()
    }

    /// Shows and keeps another value.
    pub fn set(&self, value: T) {
        let body =
            if value == T::default() { String::new() } else { serde_json::to_string(&value).unwrap_or_default() };
        self.cell.replace(Some(Rc::new(value)));
        self.keeper.keep(body);
        self.redraw.force_update();
    }

    /// Changes what stands, as it is at this moment and not as it was drawn.
    pub fn change(&self, change: impl FnOnce(&T) -> T) {
        let before = self.value().unwrap_or_default();
        self.set(change(&before));
    }

    /// Throws the draft away; [`Self::bring_back`] undoes it.
    pub fn discard(&self) {
        self.discarded.replace(self.value());
        self.set(T::default());
    }

    /// Whether something was thrown away and nothing was typed since.
    #[must_use]
    pub fn has_discarded(&self) -> bool {
        self.discarded.borrow().is_some() && self.value().is_some_and(|value| *value == T::default())
    }

    /// Brings back what was thrown away.
    pub fn bring_back(&self)
    where
        T: Clone,
    {
        if let Some(value) = self.discarded.take() {
            self.set((*value).clone());
        }
    }

    /// Does what the draft is about: the draft goes in the same transaction, and what was typed stays when that fails.
    pub fn finish(&self, action: &Action, act: Act, done: impl FnOnce(Finished) + 'static) {
        self.keeper.flush();
        let drafted = self.clone();
        let makes = self.keeper.makes.get().unwrap_or_else(fresh::note);
        self.keeper.makes.set(Some(makes));
        action.run(FinishDraft { key: self.keeper.key.clone(), act, makes: Some(makes) }, move |finished| {
            drafted.keeper.makes.set(None);
            drafted.keeper.waiting.take();
            drafted.cell.replace(Some(Rc::new(T::default())));
            drafted.redraw.force_update();
            done(finished);
        });
    }
}

/// The draft of `key`, which waits at `door` if it is about one. A form that is drawn under another key shows that key's draft.
#[hook]
pub fn use_draft<T>(key: String, door: Option<DoorId>) -> Drafted<T>
where
    T: Serialize + DeserializeOwned + Default + PartialEq + 'static,
{
    let redraw = use_force_update();
    let drafted = use_memo(key, move |key| {
        let (keeper, cell) = (Keeper::of(key, door), Rc::new(RefCell::new(None)));
        keeper.told.replace(Some(redraw.clone()));
        Drafted::<T> { keeper, cell, discarded: Rc::default(), redraw }
    });
    use_effect_with(drafted.keeper.key.clone(), {
        let drafted = (*drafted).clone();
        move |_| {
            spawn_local(async move {
                let kept = drafted.keeper.kept().await.and_then(|body| serde_json::from_str(&body).ok());
                // Whoever was quicker than the answer has begun anew.
                if drafted.cell.borrow().is_none() {
                    drafted.cell.replace(Some(Rc::new(kept.unwrap_or_default())));
                    drafted.redraw.force_update();
                }
            });
        }
    });
    (*drafted).clone()
}

/// Reads what a draft holds, where it is of that kind.
#[must_use]
pub fn read<T: DeserializeOwned>(draft: &Draft) -> Option<T> {
    serde_json::from_str(&draft.body).ok()
}

/// Asks for the drafts that wait at a door.
#[must_use]
pub const fn at(door: DoorId) -> ListDrafts {
    ListDrafts { door: Some(door) }
}
