//! Protects against taps on what has just appeared under the finger: handles every tap before the page does, and drops those
//! that [`crate::state::guard`] refuses, with a short buzz.
//!
//! Commands and page changes are observed automatically. A part whose content changes as a whole (the dock with the next door)
//! reports what it shows with [`use_part`] and has `data-guard="…"` with its name; an act with its own rest has
//! `data-rest="300"`. While anything rests, the document has `data-rests`.

use crate::paint::after_paint;
use crate::state::guard::{Act, Guard, REST_MS, Spot, Tap};
use crate::switch::Switch;
use gloo_timers::callback::Timeout;
use js_sys::{Function, Reflect};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::{Rc, Weak};
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Element, MouseEvent, Window};
use yew::prelude::*;

/// Selects controls that act when pressed. A label presses its field in the same instant, and that press must be accepted.
const ACTS: &str = "a[href], button, [role=button], summary";

/// Selects everything that can be pressed.
const CONTROLS: &str = "a[href], button, [role=button], input, select, summary, label";

thread_local! {
    static GUARD: RefCell<Guard> = RefCell::default();
    static SHOWN: RefCell<BTreeMap<&'static str, String>> = const { RefCell::new(BTreeMap::new()) };
    static WATCHERS: RefCell<Vec<Weak<Watcher>>> = const { RefCell::new(Vec::new()) };
    /// Acts whose effects are not drawn yet.
    static TO_DRAW: RefCell<Vec<Act>> = const { RefCell::new(Vec::new()) };
    static SENTINEL: RefCell<Option<UseForceUpdateHandle>> = const { RefCell::new(None) };
    static CLOCK: RefCell<Option<Timeout>> = const { RefCell::new(None) };
}

/// A component that shows whether its part rests.
struct Watcher {
    part: &'static str,
    was: std::cell::Cell<bool>,
    redraw: UseForceUpdateHandle,
}

/// Installs the listeners for taps; called once, before anything is drawn.
pub fn start() {
    let Some(window) = web_sys::window() else { return };
    hear(&window, "pointerdown", |event| GUARD.with_borrow_mut(|guard| guard.down(event.time_stamp())));
    for name in ["pointerup", "pointercancel"] {
        hear(&window, name, |_| GUARD.with_borrow_mut(Guard::up));
    }
    hear(&window, "click", |event| {
        let Some(click) = event.dyn_ref::<MouseEvent>() else { return };
        if !is_taken(click) {
            event.stop_immediate_propagation();
            event.prevent_default();
            buzz();
        }
        refresh();
    });
}

/// An action begins; see [`Guard::began`].
pub fn began() -> Act {
    let act = GUARD.with_borrow_mut(|guard| guard.began(now()));
    refresh();
    act
}

/// The action ended; what it changed is being drawn.
pub fn ended(act: Act) {
    GUARD.with_borrow_mut(|guard| guard.ended(now(), act));
    tell_when_drawn(act);
    refresh();
}

/// Another page or sheet is shown: it rests from now, and again from when it is on the screen.
pub fn turned() {
    GUARD.with_borrow_mut(|guard| guard.turned(now()));
    // The first frame is on the screen only when the second begins, even if drawing lags behind.
    after_paint(|| {
        GUARD.with_borrow_mut(|guard| guard.turned(now()));
        refresh();
        after_paint(|| {
            GUARD.with_borrow_mut(|guard| guard.turned(now()));
            refresh();
        });
    });
    refresh();
}

/// Makes the part `name` rest whenever `shows` (e.g. an id) changes; returns whether it rests.
#[hook]
pub fn use_part(name: &'static str, shows: &str) -> bool {
    use_part_for(name, shows, REST_MS)
}

/// As [`use_part`], with another duration of rest.
#[hook]
pub fn use_part_for(name: &'static str, shows: &str, rest_ms: f64) -> bool {
    let redraw = use_force_update();
    let watcher = use_memo(name, move |name| {
        let watcher = Rc::new(Watcher { part: name, was: false.into(), redraw });
        WATCHERS.with_borrow_mut(|watchers| watchers.push(Rc::downgrade(&watcher)));
        watcher
    });
    // During drawing, not in an effect, because a tap may come before the effect.
    use_memo(shows.to_owned(), move |shows| {
        let before = SHOWN.with_borrow_mut(|shown| shown.insert(name, shows.clone()));
        if before.is_some_and(|before| before != *shows) {
            let change = move || GUARD.with_borrow_mut(|guard| guard.changed(now(), name, rest_ms));
            change();
            after_paint(move || {
                change();
                refresh();
            });
        }
    });
    let is_resting = GUARD.with_borrow(|guard| guard.is_resting(now(), name));
    watcher.was.set(is_resting);
    use_effect(refresh);
    is_resting
}

fn is_taken(click: &MouseEvent) -> bool {
    let target = click.target().and_then(|target| target.dyn_into::<Element>().ok());
    // Anything can act when it is pressed: the backdrop of a sheet closes it, a row of a table and a place on the map open a turf.
    let Some(control) = target.map(|target| target.closest(CONTROLS).ok().flatten().unwrap_or(target)) else {
        return true;
    };
    let part = control.closest("[data-guard]").ok().flatten().and_then(|part| part.get_attribute("data-guard"));
    let rest_ms = control.get_attribute("data-rest").and_then(|rest| rest.parse().ok()).unwrap_or(REST_MS);
    // Keys, screen readers and programs press without a position.
    let is_by_finger = click.detail() > 0;
    let spot = if is_by_finger {
        Spot { x: click.client_x().into(), y: click.client_y().into() }
    } else {
        let area = control.get_bounding_client_rect();
        Spot { x: area.x() + area.width() / 2.0, y: area.y() + area.height() / 2.0 }
    };
    let tap = Tap { at: click.time_stamp(), spot, part, rest_ms };
    let is_taken = GUARD.with_borrow_mut(|guard| guard.tap(tap, is_by_finger));
    if is_taken && control.matches(ACTS).unwrap_or_default() {
        hold_until_drawn();
    }
    // A sheet is on the screen only some frames later: its opener rests until the sheet reports itself.
    if is_taken && control.has_attribute("aria-haspopup") {
        turned();
    }
    is_taken
}

/// Yew draws in slices of a few milliseconds and handles taps in between, when some parts of the page are new and others old: until all is
/// drawn, the spot of the tap accepts no other.
fn hold_until_drawn() {
    let act = GUARD.with_borrow_mut(|guard| guard.drawing(now()));
    tell_when_drawn(act);
}

/// Tells the guard once all is drawn that this act changed, or is about to change.
fn tell_when_drawn(act: Act) {
    TO_DRAW.with_borrow_mut(|acts| acts.push(act));
    // Delayed, because this runs before the page receives the tap, and Yew draws between two listeners of one event.
    Timeout::new(0, || {
        let sentinel = SENTINEL.with_borrow(Clone::clone);
        if let Some(sentinel) = sentinel {
            sentinel.force_update();
        }
    })
    .forget();
}

/// A sentinel that draws nothing. Placed once beside the pages, it is redrawn with what a tap changes and reports when all of that is drawn: Yew runs
/// effects only when nothing is left to draw.
#[component]
pub fn Drawn() -> Html {
    let redraw = use_force_update();
    use_memo((), move |()| SENTINEL.with_borrow_mut(|sentinel| *sentinel = Some(redraw)));
    use_effect(|| {
        let at = now();
        let acts = TO_DRAW.with_borrow_mut(std::mem::take);
        if !acts.is_empty() {
            GUARD.with_borrow_mut(|guard| acts.into_iter().for_each(|act| guard.drawn(at, act)));
            refresh();
        }
    });
    Html::default()
}

/// Updates the page to show what rests, now and when the next rest ends.
fn refresh() {
    let now = now();
    let next = GUARD.with_borrow_mut(|guard| guard.next_end(now));
    if let Some(root) = web_sys::window().and_then(|window| window.document()?.document_element()) {
        let _ = if next.is_some() { root.set_attribute("data-rests", "") } else { root.remove_attribute("data-rests") };
    }
    let clock = next.map(|end| {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "some seconds at most")]
        let ms = (end - now).ceil().max(1.0) as u32;
        Timeout::new(ms, refresh)
    });
    CLOCK.with_borrow_mut(|before| *before = clock);
    let watchers: Vec<Rc<Watcher>> = WATCHERS.with_borrow_mut(|watchers| {
        watchers.retain(|watcher| watcher.strong_count() > 0);
        watchers.iter().filter_map(Weak::upgrade).collect()
    });
    for watcher in watchers {
        let is_resting = GUARD.with_borrow(|guard| guard.is_resting(now, watcher.part));
        if watcher.was.replace(is_resting) != is_resting {
            watcher.redraw.force_update();
        }
    }
}

fn hear(window: &Window, name: &str, heard: impl Fn(&web_sys::Event) + 'static) {
    let closure = Closure::<dyn Fn(web_sys::Event)>::new(move |event: web_sys::Event| heard(&event));
    let _ = window.add_event_listener_with_callback_and_bool(name, closure.as_ref().unchecked_ref(), true);
    closure.forget();
}

fn now() -> f64 {
    web_sys::window().and_then(|window| window.performance()).map_or(0.0, |clock| clock.now())
}

/// Vibrates briefly, if the device can and the person wants it: the tap was noticed but not accepted.
fn buzz() {
    if !Switch::Buzz.is_on() {
        return;
    }
    let Some(navigator) = web_sys::window().map(|window| window.navigator()) else { return };
    if let Some(vibrate) =
        Reflect::get(&navigator, &"vibrate".into()).ok().and_then(|it| it.dyn_into::<Function>().ok())
    {
        let _ = vibrate.call1(&navigator, &30.into());
    }
}
