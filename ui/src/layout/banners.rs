//! Banners over every page: that the device's storage is full, and that a new version is available.

use super::use_shape;
use crate::hooks::{use_action, use_call};
use crate::i18n::{t, t_args};
use crate::route::Route;
use crate::state::place::Shape;
use crate::state::sync::{ROOM_MB, device};
use crate::update::{self, Offer, use_offer};
use porchlight_model::calls::sync::{SyncNow, SyncPhase, SyncStatus};
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use yew::prelude::*;
use yew_router::Routable;

/// Which banners are shown over a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Shown {
    has_no_room: bool,
    offer: Offer,
}

/// The banners over the page at `path`. On a phone, a new version is announced with a new page, or when the phone is picked up again, so that nothing
/// moves under a thumb; it is not announced during a talk, where there is no room for it.
#[hook]
pub(super) fn use_banners(path: &str) -> Shown {
    let sync = use_call(SyncStatus {});
    let (offer, shape, n_looks) = (use_offer(), use_shape(), use_n_looks());
    let is_known = use_memo((path.to_owned(), n_looks), |_| update::offered() != Offer::None);
    let is_talk = path.starts_with("/talk/");
    let is_told = !is_talk && (*is_known || shape == Shape::Desk || path == Route::Me.to_path());
    Shown {
        has_no_room: sync.value().is_some_and(|sync| sync.phase == SyncPhase::NoRoom),
        offer: if is_told { offer } else { Offer::None },
    }
}

/// Draws them.
pub(super) fn banners(shown: Shown) -> Html {
    html! {
        <div class="overheads">
            if shown.has_no_room { <NoRoom /> }
            if shown.offer != Offer::None { { offered(shown.offer) } }
        </div>
    }
}

/// The banner of a device whose storage is full.
#[component]
fn NoRoom() -> Html {
    let action = use_action();
    let args = [("device", device(use_shape()).into()), ("mb", ROOM_MB.into())];
    let onclick = {
        let action = action.clone();
        Callback::from(move |_: MouseEvent| action.run(SyncNow {}, |_| ()))
    };
    html! {
        <div class="overhead is-grave" role="alert" id="no-room">
            <p class="grow"><strong>{ t_args("no-room-title", &args) }</strong>{ " " }{ t_args("no-room-body", &args) }</p>
            <button type="button" class="btn" disabled={action.is_busy} {onclick}>{ t("no-room-again") }</button>
        </div>
    }
}

fn offered(offer: Offer) -> Html {
    let take = Callback::from(|_: MouseEvent| update::take());
    let later = Callback::from(|_: MouseEvent| update::put_off());
    html! {
        <div class="overhead" role="status" data-offer="update">
            <p class="grow"><strong>{ t("update-ready") }</strong>{ " " }{ t(if offer == Offer::Taken { "update-waits" } else { "update-kept" }) }</p>
            if offer != Offer::Taken {
                <button type="button" class="btn" onclick={take}>{ t("update-now") }</button>
                <button type="button" class="btn quiet" onclick={later}>{ t("update-later") }</button>
            }
        </div>
    }
}

/// How often the page has become visible.
#[hook]
fn use_n_looks() -> u32 {
    let n = use_state(|| 0_u32);
    let seen = n.setter();
    use_effect_with((), move |()| {
        let document = web_sys::window().and_then(|window| window.document());
        let count = std::cell::Cell::new(0_u32);
        let page = document.clone();
        let changed = Closure::<dyn FnMut()>::new(move || {
            if page.as_ref().is_some_and(|page| !page.hidden()) {
                count.set(count.get() + 1);
                seen.set(count.get());
            }
        });
        let function = changed.as_ref().unchecked_ref::<js_sys::Function>().clone();
        if let Some(document) = &document {
            let _ = document.add_event_listener_with_callback("visibilitychange", &function);
        }
        move || {
            if let Some(document) = document {
                let _ = document.remove_event_listener_with_callback("visibilitychange", &function);
            }
            drop(changed);
        }
    });
    *n
}
