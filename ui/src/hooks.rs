//! How pages ask and act: [`use_call`] for what they show, [`use_action`] for what they change.

use crate::backend;
use crate::load::{Fetches, Loadable};
use crate::state::notices::{Notice, use_notices};
use porchlight_model::calls::{AnyCall, Call, Event, Topic};
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
    let key = use_memo(call.clone(), |call| key_of(call.clone()));
    let state = use_state(|| (key.clone(), kept(&key)));
    let show = state.clone();
    let deps = (key.clone(), call);
    use_effect_with(deps, move |(key, call)| {
        let asking = Rc::new(Asking {
            call: call.clone(),
            key: key.clone(),
            fetches: Cell::new(Fetches::default()),
            known: RefCell::new(kept(key)),
            is_over: Cell::new(false),
            show: Box::new({
                let key = key.clone();
                move |loadable| show.set((key.clone(), loadable))
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

/// A call of one page for as long as the page shows it.
struct Asking<C: Call> {
    call: C,
    key: Rc<String>,
    fetches: Cell<Fetches>,
    known: RefCell<Loadable<C::Reply>>,
    is_over: Cell<bool>,
    show: Box<dyn Fn(Loadable<C::Reply>)>,
}

impl<C> Asking<C>
where
    C: Call + Clone + 'static,
    C::Reply: 'static,
{
    fn want(self: Rc<Self>) {
        let mut fetches = self.fetches.get();
        let is_due = fetches.want();
        self.fetches.set(fetches);
        if !is_due {
            return;
        }
        let awaiting = self.known.borrow().awaiting();
        self.learn(awaiting);
        spawn_local(async move {
            loop {
                let result = backend::call(self.call.clone()).await;
                if self.is_over.get() {
                    return;
                }
                let known = self.known.borrow().after(result);
                if let Loadable::Ready { value, is_stale: false } = &known {
                    keep(&self.key, value.clone());
                }
                let mut fetches = self.fetches.get();
                let is_due = fetches.ended();
                self.fetches.set(fetches);
                self.learn(known);
                if !is_due {
                    return;
                }
            }
        });
    }

    fn learn(&self, loadable: Loadable<C::Reply>) {
        *self.known.borrow_mut() = loadable.clone();
        (self.show)(loadable);
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
        let runner = self.run.clone();
        if runner.is_busy.replace(true) {
            return;
        }
        runner.show.set((true, None));
        spawn_local(async move {
            let result = backend::call(call).await;
            runner.is_busy.set(false);
            match result {
                Ok(reply) => {
                    runner.show.set((false, None));
                    done(reply);
                }
                Err(error) => {
                    if let Some(told) = &runner.told {
                        told.emit(error.clone());
                    }
                    runner.show.set((false, Some(error)));
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

fn key_of<C: Call>(call: C) -> String {
    let call: AnyCall = call.into();
    serde_json::to_string(&call).unwrap_or_default()
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
