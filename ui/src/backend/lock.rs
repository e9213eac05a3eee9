//! Allows one tab at a time: the tab that holds the Web Lock `porchlight-engine` runs the engine, the others say so.

use super::{Shell, set_shell, worker};
use crate::parts::reload;
use crate::update;
use gloo_timers::callback::Timeout;
use js_sys::{Function, Object, Promise, Reflect};
use porchlight_model::message::{ApiError, ErrorCode, Message};
use std::cell::{Cell, RefCell};
use wasm_bindgen::prelude::*;

const NAME: &str = "porchlight-engine";

/// The delays before retries when the lock is taken, because a page that is being closed releases it a moment later.
const AGAIN_MS: [u32; 3] = [120, 300, 700];

#[wasm_bindgen]
extern "C" {
    /// `navigator.locks`.
    #[derive(Clone)]
    type Locks;

    #[wasm_bindgen(method)]
    fn request(this: &Locks, name: &str, options: &Object, callback: &Function) -> Promise;
}

thread_local! {
    /// The number of the current request; answers to earlier ones are ignored.
    static TURN: Cell<u32> = const { Cell::new(0) };
    /// Releases the lock when called.
    static FREE: RefCell<Option<Function>> = const { RefCell::new(None) };
}

/// Requests the lock, and again whenever this page becomes visible.
pub(super) fn start() {
    let Some(window) = web_sys::window() else { return };
    if let Some(trouble) = cannot_store(&window) {
        set_shell(Shell::Broken(trouble));
        return;
    }
    ask(if take_note(&window) { How::Steal } else { How::IfFree { n_tried: 0 } });
    on(&window, "pagehide", |_| {
        free();
        set_shell(Shell::Starting);
    });
    on(&window, "pageshow", |event| {
        if event.dyn_into::<web_sys::PageTransitionEvent>().is_ok_and(|event| event.persisted()) {
            ask(How::IfFree { n_tried: 0 });
        }
    });
    if let Some(document) = window.document() {
        let page = document.clone();
        on(&document, "visibilitychange", move |_| {
            if !page.hidden() && super::shell() == Shell::Elsewhere {
                if update::is_stale() {
                    reload();
                } else {
                    ask(How::IfFree { n_tried: AGAIN_MS.len() });
                }
            }
        });
    }
}

/// Takes the lock, also from another tab.
pub(super) fn steal() {
    if update::is_stale() {
        // This page is outdated, and would start the engine of a newer version.
        leave_note();
        return reload();
    }
    if FREE.with(|free| free.borrow().is_some()) {
        worker::start();
        set_shell(Shell::Ready);
    } else {
        ask(How::Steal);
    }
}

/// The session storage key of the note that tells the reloaded page to take over the lock.
const TAKES_OVER: &str = "porchlight-takes-over";

fn leave_note() {
    if let Some(storage) = web_sys::window().and_then(|window| window.session_storage().ok().flatten()) {
        let _ = storage.set_item(TAKES_OVER, "yes");
    }
}

/// Whether a note was left; removes it.
fn take_note(window: &web_sys::Window) -> bool {
    let Some(storage) = window.session_storage().ok().flatten() else { return false };
    let is_there = storage.get_item(TAKES_OVER).ok().flatten().is_some();
    let _ = storage.remove_item(TAKES_OVER);
    is_there
}

/// Stops the engine, because another tab has taken over.
pub(super) fn lost() {
    free();
    set_shell(Shell::Elsewhere);
}

#[derive(Clone, Copy)]
enum How {
    /// Only if no tab holds it, after so many attempts.
    IfFree { n_tried: usize },
    /// From its holder.
    Steal,
}

fn ask(how: How) {
    let Some(locks) = locks() else { return };
    let turn = TURN.with(|turn| {
        turn.set(turn.get() + 1);
        turn.get()
    });
    let options = Object::new();
    let option = match how {
        How::IfFree { .. } => "ifAvailable",
        How::Steal => "steal",
    };
    let _ = Reflect::set(&options, &option.into(), &JsValue::TRUE);
    let answered = Closure::once_into_js(move |lock: JsValue| -> JsValue {
        if turn != TURN.with(Cell::get) {
            return JsValue::UNDEFINED;
        }
        if lock.is_null() {
            taken(how);
            return JsValue::UNDEFINED;
        }
        // The lock is held until this promise is resolved.
        let held = Promise::new(&mut |resolve, _| FREE.with(|free| *free.borrow_mut() = Some(resolve)));
        worker::start();
        set_shell(Shell::Ready);
        held.into()
    });
    let held = locks.request(NAME, &options, answered.unchecked_ref());
    wasm_bindgen_futures::spawn_local(async move {
        let is_stolen = wasm_bindgen_futures::JsFuture::from(held).await.is_err();
        if is_stolen && turn == TURN.with(Cell::get) {
            lost();
        }
    });
}

fn taken(how: How) {
    match how {
        How::IfFree { n_tried } if n_tried < AGAIN_MS.len() => {
            Timeout::new(AGAIN_MS[n_tried], move || {
                if super::shell() == Shell::Starting {
                    ask(How::IfFree { n_tried: n_tried + 1 });
                }
            })
            .forget();
        }
        How::IfFree { .. } | How::Steal => set_shell(Shell::Elsewhere),
    }
}

/// Stops the engine and releases the lock, if this tab holds it.
fn free() {
    worker::stop();
    TURN.with(|turn| turn.set(turn.get() + 1));
    if let Some(resolve) = FREE.with(|free| free.borrow_mut().take()) {
        let _ = resolve.call0(&JsValue::UNDEFINED);
    }
}

fn locks() -> Option<Locks> {
    let navigator = web_sys::window()?.navigator();
    let locks = Reflect::get(&navigator, &"locks".into()).ok()?;
    locks.is_object().then(|| locks.unchecked_into())
}

/// Why this browser cannot store the engine's data, if it cannot.
fn cannot_store(window: &web_sys::Window) -> Option<ApiError> {
    let broken = |id: &str| Some(ApiError::new(ErrorCode::Failed, Message::new(id)));
    let is_secure = Reflect::get(window, &"isSecureContext".into()).is_ok_and(|is| is.is_truthy());
    if !is_secure {
        return broken("shell-not-secure");
    }
    let storage = Reflect::get(&window.navigator(), &"storage".into()).unwrap_or_default();
    let has_files = storage.is_object() && Reflect::has(&storage, &"getDirectory".into()).unwrap_or(false);
    if !has_files || locks().is_none() {
        return broken("shell-browser-old");
    }
    None
}

fn on(target: &web_sys::EventTarget, name: &str, act: impl FnMut(web_sys::Event) + 'static) {
    let act = Closure::<dyn FnMut(web_sys::Event)>::new(act);
    let _ = target.add_event_listener_with_callback(name, act.as_ref().unchecked_ref());
    act.forget();
}
