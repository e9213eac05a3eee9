//! A new version of the app: offered once it is on this device, taken on the person's word, and never while something is being written.
//!
//! ```text
//! None --a version waits--> Waits --"update now"--> Taken --nothing is being written--> the new version takes over, the page loads anew
//!   \--another tab took it--> Elsewhere --"update now"----------^
//! ```
//! What was recorded is in the database, and what is half done is, too: both are there when the page is. A tab whose pages are older than the
//! version in force is stale: before it starts an engine, it is loaded anew.

use crate::backend::{self, Shell};
use crate::clock;
use crate::parts::reload;
use gloo_timers::callback::Timeout;
use js_sys::{Function, Reflect};
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use wasm_bindgen::prelude::*;
use yew::prelude::*;

/// What `boot.js` fires when a new version waits.
const WAITS: &str = "porchlight-update";
/// What `boot.js` fires when a new version has taken over.
const TOOK_OVER: &str = "porchlight-updated";
/// What `boot.js` leaves for taking the version that waits.
const TAKE: &str = "porchlightUpdate";
/// How long a version that was put off is not offered, in milliseconds.
const LATER_MS: i64 = 4 * 60 * 60 * 1000;
/// How long the new version may take to take over before the page is loaded anew without it, in milliseconds.
const PATIENCE_MS: u32 = 10_000;

/// What is known of a new version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Offer {
    /// There is none.
    #[default]
    None,
    /// It is on this device and waits.
    Waits,
    /// Another tab has taken it.
    Elsewhere,
    /// It was taken here and comes as soon as nothing is being written.
    Taken,
}

thread_local! {
    static OFFER: Cell<Offer> = const { Cell::new(Offer::None) };
    static IS_STALE: Cell<bool> = const { Cell::new(false) };
    static NOT_BEFORE_MS: Cell<i64> = const { Cell::new(0) };
    static SEEN_BY: RefCell<BTreeMap<u32, UseForceUpdateHandle>> = const { RefCell::new(BTreeMap::new()) };
}

/// Begins to hear of new versions; called once.
pub fn start() {
    let Some(window) = web_sys::window() else { return };
    if take_function().is_some() {
        OFFER.set(Offer::Waits);
    }
    on(&window, WAITS, || {
        if OFFER.get() == Offer::None {
            turn(Offer::Waits);
        }
    });
    on(&window, TOOK_OVER, || {
        IS_STALE.set(true);
        match (OFFER.get(), backend::shell()) {
            (Offer::Taken, _) => backend::when_calm(reload),
            (Offer::None | Offer::Waits | Offer::Elsewhere, Shell::Ready) => turn(Offer::Elsewhere),
            // Not at once: it would reach for the engine while the tab that has it is loaded anew.
            (Offer::None | Offer::Waits | Offer::Elsewhere, Shell::Starting | Shell::Elsewhere | Shell::Broken(_)) => {}
        }
    });
}

/// Whether a newer version is in force than that of these pages.
#[must_use]
pub fn is_stale() -> bool {
    IS_STALE.get()
}

/// What is to be offered at present: a version that was put off is not, for some hours.
#[must_use]
pub fn offered() -> Offer {
    match OFFER.get() {
        Offer::Waits | Offer::Elsewhere if clock::now().0 < NOT_BEFORE_MS.get() => Offer::None,
        offer => offer,
    }
}

/// Takes the new version, as soon as nothing is being written. Where none waits, the page is loaded anew.
pub fn take() {
    if OFFER.get() == Offer::Taken {
        return;
    }
    turn(Offer::Taken);
    backend::when_calm(|| {
        let Some(take) = take_function() else { return reload() };
        Timeout::new(PATIENCE_MS, || backend::when_calm(reload)).forget();
        let _ = take.call0(&JsValue::UNDEFINED);
    });
}

/// Puts it off.
pub fn put_off() {
    NOT_BEFORE_MS.set(clock::now().0.saturating_add(LATER_MS));
    redraw();
}

/// What is to be offered, drawn anew whenever that changes.
#[hook]
pub fn use_offer() -> Offer {
    let redraw = use_force_update();
    use_effect_with((), move |()| {
        let number = SEEN_BY.with(|seen| {
            let mut seen = seen.borrow_mut();
            let number = seen.last_key_value().map_or(0, |(last, _)| last + 1);
            seen.insert(number, redraw);
            number
        });
        move || SEEN_BY.with(|seen| drop(seen.borrow_mut().remove(&number)))
    });
    offered()
}

fn turn(offer: Offer) {
    OFFER.set(offer);
    redraw();
}

fn redraw() {
    let seen: Vec<_> = SEEN_BY.with(|seen| seen.borrow().values().cloned().collect());
    for one in seen {
        one.force_update();
    }
}

fn take_function() -> Option<Function> {
    Reflect::get(&js_sys::global(), &TAKE.into()).ok()?.dyn_into().ok()
}

fn on(window: &web_sys::Window, name: &str, act: impl FnMut() + 'static) {
    let act = Closure::<dyn FnMut()>::new(act);
    let _ = window.add_event_listener_with_callback(name, act.as_ref().unchecked_ref());
    act.forget();
}
