//! Hooks for pages: [`use_call`] loads what they show, [`use_action`] changes data.

use crate::backend;
use crate::clock;
use crate::guard;
use crate::load::{Cause, Due, Fetches, Loadable};
use crate::state::notices::{Notice, use_notices};
use gloo_timers::callback::Timeout;
use porchlight_model::calls::{Call, Event, Topic};
use porchlight_model::message::ApiError;
use std::any::Any;
use std::cell::{Cell, RefCell};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::rc::Rc;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

/// The size of the reply cache.
const MAX_CACHED: usize = 24;

/// A cached reply with the text of its call.
type CachedReply = (Rc<str>, Rc<dyn Any>);

thread_local! {
    /// The latest replies, newest last: a page that is opened again is painted at once, then refreshed.
    static CACHE: RefCell<Vec<CachedReply>> = const { RefCell::new(Vec::new()) };
}

/// Makes a call, and repeats it whenever a topic that it reads has changed; the old reply stays until the new one arrives.
#[hook]
pub fn use_call<C>(call: C) -> Loadable<C::Reply>
where
    C: Call + 'static,
    C::Reply: 'static,
{
    let read: Read = |text| backend::read::<C::Reply>(text).map(|reply| Rc::new(reply) as Rc<dyn Any>);
    use_reply(backend::written(&call.into()), C::READS, read).downcast()
}

/// Parses the text of a reply.
type Read = fn(&str) -> Result<Rc<dyn Any>, ApiError>;

/// The untyped part of [`use_call`], so that it is compiled only once.
#[hook]
fn use_reply(call: String, reads: &'static [Topic], read: Read) -> Loadable<dyn Any> {
    let redraw = use_force_update();
    // Not an effect: effects run after the next painted frame, and the engine can work while the browser paints. The reply
    // belongs to its call, so that a call for another thing never shows the previous thing, not even for one frame.
    let page_call = use_memo(call, move |call| PageCall::new(call, reads, read, redraw));
    page_call.asking.known.borrow().clone()
}

/// Makes a call once, outside of any page.
///
/// # Errors
/// The engine's error, or that the engine is not running.
pub async fn said<C: Call>(call: C) -> Result<C::Reply, ApiError> {
    let reply = backend::ask(backend::written(&call.into()), !C::READS.is_empty()).await?;
    backend::read(&reply)
}

/// Clears the reply cache, because the campaign's data was removed or belongs to someone else now.
pub fn forget() {
    CACHE.with(|kept| kept.borrow_mut().clear());
}

/// A call of one page, until the page makes another or is left.
struct PageCall {
    asking: Rc<Asking>,
    _listening: backend::Listening,
}

impl PageCall {
    fn new(call: &str, reads: &'static [Topic], read: Read, redraw: UseForceUpdateHandle) -> Self {
        let known = RefCell::new(kept(call));
        let (fetches, is_over) = (Cell::new(Fetches::default()), Cell::new(false));
        let print = Cell::default();
        let asking = Rc::new(Asking { call: call.into(), read, redraw, known, print, fetches, is_over });
        asking.clone().want(Cause::Person);
        let again = asking.clone();
        let listening = backend::listen(Callback::from(move |event| {
            let cause = if backend::is_own_act_fresh() { Cause::Person } else { Cause::News };
            if concerns(&event, reads) && again.clone().want(cause) {
                let awaiting = again.known.borrow().awaiting();
                again.learn(awaiting);
            }
        }));
        Self { asking, _listening: listening }
    }
}

impl Drop for PageCall {
    fn drop(&mut self) {
        self.asking.is_over.set(true);
    }
}

struct Asking {
    call: Rc<str>,
    read: Read,
    redraw: UseForceUpdateHandle,
    known: RefCell<Loadable<dyn Any>>,
    /// The hash of the last reply's text.
    print: Cell<Option<u64>>,
    fetches: Cell<Fetches>,
    is_over: Cell<bool>,
}

impl Asking {
    /// Fetches now, or schedules a fetch; returns whether it was now.
    fn want(self: Rc<Self>, cause: Cause) -> bool {
        self.due(|fetches, now_ms| fetches.want(cause, now_ms))
    }

    /// Updates the schedule and does what is due; returns whether a fetch began.
    fn due(self: Rc<Self>, happened: impl FnOnce(&mut Fetches, i64) -> Due) -> bool {
        if self.is_over.get() {
            return false;
        }
        let mut fetches = self.fetches.get();
        let due = happened(&mut fetches, clock::now().0);
        self.fetches.set(fetches);
        match due {
            Due::Not => {}
            Due::Now => spawn_local(self.fetch()),
            Due::In(ms) => {
                let ms = u32::try_from(ms).unwrap_or(u32::MAX);
                let rested = move || {
                    self.due(Fetches::rested);
                };
                Timeout::new(ms, rested).forget();
            }
        }
        due == Due::Now
    }

    async fn fetch(self: Rc<Self>) {
        let reply = backend::ask(self.call.to_string(), true).await;
        if !self.is_over.get() {
            self.answered(reply);
            self.due(Fetches::ended);
        }
    }

    fn answered(&self, reply: Result<String, ApiError>) {
        let print = reply.as_ref().ok().map(|text| fingerprint(text));
        let is_same = print.is_some() && self.print.replace(print) == print;
        // An unchanged reply stays the same value, so that nothing is computed from it again, such as a whole town's map.
        let before = self.known.borrow().value().cloned().filter(|_| is_same);
        let value = match before {
            Some(value) => Ok(value),
            None => reply.and_then(|text| (self.read)(&text)),
        };
        let now = self.known.borrow().after(value);
        if let Loadable::Ready { value, is_stale: false } = &now {
            keep(&self.call, value.clone());
        }
        self.learn(now);
    }

    fn learn(&self, now: Loadable<dyn Any>) {
        self.known.replace(now);
        self.redraw.force_update();
    }
}

/// An action of the person. Only one runs at a time, so that a double tap acts once.
#[derive(Clone, PartialEq)]
pub struct Action {
    /// Whether it is running.
    pub is_busy: bool,
    /// Why the last run failed, until the next begins.
    pub failed: Option<ApiError>,
    run: Runner,
}

#[derive(Clone)]
struct Runner {
    is_busy: Rc<Cell<bool>>,
    show: UseStateSetter<(bool, Option<ApiError>)>,
    told: Option<Callback<ApiError>>,
}

impl PartialEq for Runner {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.is_busy, &other.is_busy)
    }
}

impl Action {
    /// Makes the call and then calls `done` with the reply; ignored while another runs.
    pub fn run<C>(&self, call: C, done: impl FnOnce(C::Reply) + 'static)
    where
        C: Call + 'static,
    {
        self.run_or(call, done, || ());
    }

    /// As [`Self::run`]; when it fails, `failed` is called instead of `done`.
    pub fn run_or<C>(&self, call: C, done: impl FnOnce(C::Reply) + 'static, failed: impl FnOnce() + 'static)
    where
        C: Call + 'static,
    {
        let ended = move |reply: Result<String, ApiError>| {
            let read = reply.and_then(|text| backend::read(&text));
            match read {
                Ok(reply) => done(reply),
                Err(error) => {
                    failed();
                    return Err(error);
                }
            }
            Ok(())
        };
        self.run.clone().run(backend::written(&call.into()), !C::READS.is_empty(), Box::new(ended));
    }

    /// Whether it is running at this moment; [`Self::is_busy`] is the state that was last drawn.
    #[must_use]
    pub fn is_running(&self) -> bool {
        self.run.is_busy.get()
    }
}

/// Handles the reply of an action; returns why the action failed.
type Ended = Box<dyn FnOnce(Result<String, ApiError>) -> Result<(), ApiError>>;

impl Runner {
    fn run(self, call: String, is_question: bool, ended: Ended) {
        if self.is_busy.replace(true) {
            return;
        }
        self.show.set((true, None));
        let act = (!is_question).then(guard::began);
        spawn_local(async move {
            let reply = backend::ask(call, is_question).await;
            self.is_busy.set(false);
            if let Some(act) = act {
                guard::ended(act);
            }
            match ended(reply) {
                Ok(()) => self.show.set((false, None)),
                Err(error) => {
                    if let Some(told) = &self.told {
                        told.emit(error.clone());
                    }
                    self.show.set((false, Some(error)));
                }
            }
        });
    }
}

/// An action whose failure is shown as a notice over the page.
#[hook]
pub fn use_action() -> Action {
    let notices = use_notices();
    let told = Callback::from(move |error: ApiError| notices.dispatch(Notice::Failed(error)));
    use_acting(Some(told))
}

/// An action whose failure stays with its form: see [`Action::failed`].
#[hook]
pub fn use_form_action() -> Action {
    use_acting(None)
}

#[hook]
fn use_acting(told: Option<Callback<ApiError>>) -> Action {
    let shown = use_state(|| (false, None));
    // A shared cell, not the drawn state, blocks a second tap, because both may come before the next drawing.
    let is_busy = use_memo((), |()| Cell::new(false));
    Action { is_busy: shown.0, failed: shown.1.clone(), run: Runner { is_busy, show: shown.setter(), told } }
}

fn fingerprint(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}

fn kept(key: &str) -> Loadable<dyn Any> {
    let found = CACHE.with(|kept| kept.borrow().iter().find(|(at, _)| **at == *key).map(|(_, value)| value.clone()));
    found.map_or(Loadable::Loading, |value| Loadable::Ready { value, is_stale: true })
}

fn keep(key: &Rc<str>, value: Rc<dyn Any>) {
    CACHE.with(|kept| {
        let mut kept = kept.borrow_mut();
        kept.retain(|(at, _)| at != key);
        if kept.len() >= MAX_CACHED {
            kept.remove(0);
        }
        kept.push((key.clone(), value));
    });
}

fn concerns(event: &Event, reads: &[Topic]) -> bool {
    match event {
        Event::Changed { topics } => topics.iter().any(|topic| reads.contains(topic)),
        Event::Progress { .. } | Event::Fault { .. } | Event::TakenOver => false,
    }
}
