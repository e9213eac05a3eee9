//! Updates of the app: a new version is offered once it is downloaded, applied when the person agrees, and never while something is being written.
//!
//! ```text
//! None --a version waits--> Waits --"update now"--> Taken --nothing is being written--> the new version takes over, the page reloads
//!   \--another tab took it--> Elsewhere --"update now"----------^
//! ```
//! Records and drafts are in the database, so that both survive the reload. A tab whose pages are older than the
//! active version is stale: it is reloaded before it starts an engine.

use crate::backend::{self, Shell};
use crate::clock;
use crate::parts::reload;
use crate::theme::storage;
use gloo_timers::callback::Timeout;
use js_sys::{Function, Reflect};
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use wasm_bindgen::prelude::*;
use yew::prelude::*;

/// The event that `boot.js` fires when a new version waits.
const WAITS: &str = "porchlight-update";
/// The event that `boot.js` fires when a new version is active.
const TOOK_OVER: &str = "porchlight-updated";
/// The global function of `boot.js` that activates the waiting version.
const TAKE: &str = "porchlightUpdate";
/// How long a postponed version is not offered, in milliseconds.
const LATER_MS: i64 = 4 * 60 * 60 * 1000;
/// The local storage key for the time until which it is not offered, in milliseconds since 1970.
const LATER: &str = "porchlight.update.later";
/// How long activation may take before the page is reloaded without it, in milliseconds.
const PATIENCE_MS: u32 = 10_000;

/// The state of an update.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Offer {
    /// There is none.
    #[default]
    None,
    /// It is downloaded and waits.
    Waits,
    /// Another tab has applied it.
    Elsewhere,
    /// It was accepted here and is applied as soon as nothing is being written.
    Taken,
}

thread_local! {
    static OFFER: Cell<Offer> = const { Cell::new(Offer::None) };
    static IS_STALE: Cell<bool> = const { Cell::new(false) };
    static SEEN_BY: RefCell<BTreeMap<u32, UseForceUpdateHandle>> = const { RefCell::new(BTreeMap::new()) };
}

/// Listens for new versions; called once.
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
            // Not reloaded now, because the page would request the engine while the tab that has it is reloading.
            (Offer::None | Offer::Waits | Offer::Elsewhere, Shell::Starting | Shell::Elsewhere | Shell::Broken(_)) => {}
        }
    });
}

/// Whether a newer version than that of these pages is active.
#[must_use]
pub fn is_stale() -> bool {
    IS_STALE.get()
}

/// The update to offer at present: a postponed one is not offered for some hours, also after the page was loaded anew.
#[must_use]
pub fn offered() -> Offer {
    match OFFER.get() {
        Offer::Waits | Offer::Elsewhere if is_put_off(clock::now().0) => Offer::None,
        offer => offer,
    }
}

/// Whether the person postponed the update in the last hours. A time further ahead means that the clock was set back.
fn is_put_off(now_ms: i64) -> bool {
    let until = storage().and_then(|storage| storage.get_item(LATER).ok().flatten()).and_then(|ms| ms.parse().ok());
    until.is_some_and(|until: i64| (1..=LATER_MS).contains(&(until - now_ms)))
}

/// Applies the new version as soon as nothing is being written. If none waits, the page is reloaded.
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

/// Postpones the update.
pub fn put_off() {
    if let Some(storage) = storage() {
        let _ = storage.set_item(LATER, &clock::now().0.saturating_add(LATER_MS).to_string());
    }
    redraw();
}

/// The update to offer, with a redraw whenever that changes.
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
