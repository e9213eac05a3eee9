//! Tells the person whether this browser's storage is persistent, and how to install the app.

use crate::i18n::t;
use js_sys::{Function, Promise, Reflect};
use std::cell::RefCell;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use yew::prelude::*;

thread_local! {
    /// The browser's install prompt, saved for when the person wants it.
    static OFFER: RefCell<Option<JsValue>> = const { RefCell::new(None) };
}

/// Whether the storage is persistent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keeping {
    /// Not answered yet.
    Unknown,
    /// The browser has granted persistent storage.
    Kept,
    /// The browser may evict the data when space is short, or after days without a visit.
    NotKept,
}

/// Listens for the browser's install prompt; called once, before anything is drawn.
pub fn start() {
    let Some(window) = web_sys::window() else { return };
    let offered = Closure::<dyn FnMut(web_sys::Event)>::new(|event: web_sys::Event| {
        event.prevent_default();
        OFFER.with(|offer| *offer.borrow_mut() = Some(event.into()));
    });
    let _ = window.add_event_listener_with_callback("beforeinstallprompt", offered.as_ref().unchecked_ref());
    offered.forget();
}

/// Requests persistent storage. Some browsers ask the person, so that this must follow a tap.
pub async fn ask_to_keep() -> Keeping {
    answer("persist").await
}

/// The browser's answer, queried once when drawn.
#[hook]
pub fn use_keeping() -> UseStateHandle<Keeping> {
    let keeping = use_state(|| Keeping::Unknown);
    let seen = keeping.clone();
    use_effect_with((), move |()| spawn_local(async move { seen.set(answer("persisted").await) }));
    keeping
}

/// The props of [`Keep`].
#[derive(Properties, PartialEq)]
pub struct KeepProps {
    /// Whether it is shown even when there is nothing to do.
    #[prop_or_default]
    pub is_full: bool,
}

/// Whether the storage is persistent, and the one thing that improves it.
#[component]
pub fn Keep(props: &KeepProps) -> Html {
    let keeping = use_keeping();
    let is_installed = is_installed();
    if crate::backend::is_native() || (!props.is_full && is_installed && *keeping == Keeping::Kept) {
        return Html::default();
    }
    let ask = {
        let keeping = keeping.clone();
        Callback::from(move |_: MouseEvent| {
            let keeping = keeping.clone();
            spawn_local(async move { keeping.set(ask_to_keep().await) });
        })
    };
    let words = match *keeping {
        Keeping::Unknown => "keep-unknown",
        Keeping::Kept => "keep-kept",
        Keeping::NotKept => "keep-not-kept",
    };
    let install = Callback::from(|_: MouseEvent| install());
    let has_offer = OFFER.with(|offer| offer.borrow().is_some());
    html! {
        <section class="card keep">
            <h2 class="eyebrow">{ t("keep-title") }</h2>
            <p role="status">{ t(words) }</p>
            if *keeping == Keeping::NotKept {
                <button type="button" class="btn" onclick={ask}>{ t("keep-ask") }</button>
            }
            if !is_installed {
                <p>{ t(if is_ios() { "install-ios" } else { "install-other" }) }</p>
                if has_offer { <button type="button" class="btn" onclick={install}>{ t("install") }</button> }
            }
        </section>
    }
}

async fn answer(question: &str) -> Keeping {
    let asked = || -> Option<Promise> {
        let storage = Reflect::get(&web_sys::window()?.navigator(), &"storage".into()).ok()?;
        let ask = Reflect::get(&storage, &question.into()).ok()?.dyn_into::<Function>().ok()?;
        ask.call0(&storage).ok()?.dyn_into().ok()
    };
    let Some(promise) = asked() else { return Keeping::NotKept };
    let is_kept = JsFuture::from(promise).await.is_ok_and(|is| is.is_truthy());
    if is_kept { Keeping::Kept } else { Keeping::NotKept }
}

fn install() {
    let Some(offer) = OFFER.with(|offer| offer.borrow_mut().take()) else { return };
    if let Ok(prompt) = Reflect::get(&offer, &"prompt".into()).and_then(|prompt| prompt.dyn_into::<Function>()) {
        let _ = prompt.call0(&offer);
    }
}

fn is_installed() -> bool {
    let query = web_sys::window().and_then(|window| window.match_media("(display-mode: standalone)").ok().flatten());
    query.is_some_and(|query| query.matches())
}

fn is_ios() -> bool {
    let agent = web_sys::window().and_then(|window| window.navigator().user_agent().ok()).unwrap_or_default();
    agent.contains("iPhone") || agent.contains("iPad")
}
