//! How pages ask and act: [`use_call`] for what they show, [`use_action`] for what they change.

use crate::backend;
use crate::load::{Fetches, Loadable};
use crate::state::notices::{Notice, use_notices};
use porchlight_model::calls::{Call, Event, Topic};
use porchlight_model::message::ApiError;
use std::any::Any;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

/// How many replies are kept for pages that are come back to.
const MAX_KEPT: usize = 24;

thread_local! {
    /// The newest replies, newest last: a page that is come back to is painted at once, then asks anew.
    static KEPT: RefCell<Vec<(String, Rc<dyn Any>)>> = const { RefCell::new(Vec::new()) };
}

/// Asks, and asks again whenever a topic that the call reads has changed; the old reply stays until the new one is there.
#[hook]
pub fn use_call<C>(call: C) -> Loadable<C::Reply>
where
    C: Call + Clone + PartialEq + 'static,
    C::Reply: 'static,
{
    let key = use_memo(call, |call| backend::written(&call.clone().into()));
    let state = use_state(|| (key.clone(), kept(&key)));
    let show = state.clone();
    use_effect_with(key.clone(), move |key| {
        let known = Rc::new(RefCell::new(kept(key)));
        let learn = {
            let (known, key) = (known.clone(), key.clone());
            move |loadable: Loadable<C::Reply>| {
                *known.borrow_mut() = loadable.clone();
                show.set((key.clone(), loadable));
            }
        };
        let asking = Rc::new(Asking {
            call: key.clone(),
            fetches: Cell::new(Fetches::default()),
            is_over: Cell::new(false),
            begun: Box::new({
                let (known, learn) = (known.clone(), learn.clone());
                move || {
                    let awaiting = known.borrow().awaiting();
                    learn(awaiting);
                }
            }),
            answered: Box::new({
                let key = key.clone();
                move |reply| {
                    let now = known.borrow().after(reply.and_then(|text| backend::read(&text)));
                    if let Loadable::Ready { value, is_stale: false } = &now {
                        keep(&key, value.clone());
                    }
                    learn(now);
                }
            }),
        });
        asking.clone().want();
        let again = asking.clone();
        let listening = backend::listen(Callback::from(move |event| {
            if concerns(&event, C::READS) {
                again.clone().want();
            }
        }));
        move || {
            asking.is_over.set(true);
            drop(listening);
        }
    });
    // A call for another thing never shows the thing before, not even for one frame.
    if state.0 == key { state.1.clone() } else { kept(&key) }
}

/// Forgets every kept reply: the campaign's data was removed, or belongs to someone else from here on.
pub fn forget() {
    KEPT.with(|kept| kept.borrow_mut().clear());
}

/// A call of one page for as long as the page shows it. What depends on the kind of call is behind the two functions, so that
/// the rest is compiled once.
struct Asking {
    call: Rc<String>,
    fetches: Cell<Fetches>,
    is_over: Cell<bool>,
    begun: Box<dyn Fn()>,
    answered: Box<dyn Fn(Result<String, ApiError>)>,
}

impl Asking {
    fn want(self: Rc<Self>) {
        let mut fetches = self.fetches.get();
        let is_due = fetches.want();
        self.fetches.set(fetches);
        if !is_due {
            return;
        }
        (self.begun)();
        spawn_local(async move {
            loop {
                let reply = backend::ask((*self.call).clone(), true).await;
                if self.is_over.get() {
                    return;
                }
                let mut fetches = self.fetches.get();
                let is_due = fetches.ended();
                self.fetches.set(fetches);
                (self.answered)(reply);
                if !is_due {
                    return;
                }
            }
        });
    }
}

/// Something a person does: one at a time, so that a double tap acts once.
#[derive(Clone, PartialEq)]
pub struct Action {
    /// Whether it is being done.
    pub is_busy: bool,
    /// Why the last one failed, until the next begins.
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
    /// Does it and then `done` with the reply; while one is being done, others are ignored.
    pub fn run<C>(&self, call: C, done: impl FnOnce(C::Reply) + 'static)
    where
        C: Call + 'static,
    {
        let done = move |text: String| backend::read(&text).map(done);
        self.run.clone().run(backend::written(&call.into()), !C::READS.is_empty(), Box::new(done));
    }
}

impl Runner {
    fn run(self, call: String, is_question: bool, done: Box<dyn FnOnce(String) -> Result<(), ApiError>>) {
        if self.is_busy.replace(true) {
            return;
        }
        self.show.set((true, None));
        spawn_local(async move {
            let reply = backend::ask(call, is_question).await;
            self.is_busy.set(false);
            match reply.and_then(done) {
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

/// An action whose failure is told as a notice over the page.
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
    // The shared cell, not the drawn state, keeps a second tap out: both may come before one drawing.
    let is_busy = use_memo((), |()| Cell::new(false));
    Action { is_busy: shown.0, failed: shown.1.clone(), run: Runner { is_busy, show: shown.setter(), told } }
}

fn kept<T: 'static>(key: &str) -> Loadable<T> {
    let found = KEPT.with(|kept| kept.borrow().iter().find(|(at, _)| at == key).map(|(_, value)| value.clone()));
    match found.and_then(|value| value.downcast::<T>().ok()) {
        Some(value) => Loadable::Ready { value, is_stale: true },
        None => Loadable::Loading,
    }
}

fn keep<T: 'static>(key: &str, value: Rc<T>) {
    KEPT.with(|kept| {
        let mut kept = kept.borrow_mut();
        kept.retain(|(at, _)| at != key);
        if kept.len() >= MAX_KEPT {
            kept.remove(0);
        }
        kept.push((key.to_owned(), value));
    });
}

fn concerns(event: &Event, reads: &[Topic]) -> bool {
    match event {
        Event::Changed { topics } => topics.iter().any(|topic| reads.contains(topic)),
        Event::Progress { .. } | Event::Fault { .. } | Event::TakenOver => false,
    }
}
