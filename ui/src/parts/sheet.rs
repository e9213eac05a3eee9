//! A sheet over the page: a modal dialog, so that focus stays inside, Escape closes it, and the page behind is inert. It has its
//! own entry in the browser's history: Back closes the sheet and leaves the page unchanged.

use crate::guard;
use crate::i18n::t;
use crate::parts::{Trouble, icon};
use crate::state::notices::use_notices;
use gloo_timers::callback::Timeout;
use porchlight_model::message::ApiError;
use std::cell::RefCell;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{History, HtmlDialogElement};
use yew::prelude::*;

/// The prefix of the history states of sheets.
const ENTRY: &str = "sheet-";

/// The props of [`Sheet`].
#[derive(Properties, PartialEq)]
pub struct SheetProps {
    /// Its heading.
    pub title: AttrValue,
    /// A line under the heading.
    #[prop_or_default]
    pub under: Option<AttrValue>,
    /// Called when the person closes it. The owner of the sheet keeps what they typed.
    pub onclose: Callback<()>,
    /// Its acts, at the position of a dock's.
    #[prop_or_default]
    pub foot: Option<Html>,
    /// The sentence in the lowest strip; by default, that a tap outside closes the sheet.
    #[prop_or_default]
    pub rest: Option<AttrValue>,
    /// What is in it.
    pub children: Children,
}

/// A sheet, open for as long as it is drawn.
#[component]
pub fn Sheet(props: &SheetProps) -> Html {
    let dialog = use_node_ref();
    let heading = use_memo((), |()| format!("{ENTRY}{}", crate::fresh::job()));
    use_effect_with(dialog.clone(), |dialog| {
        let dialog = dialog.cast::<HtmlDialogElement>();
        if let Some(dialog) = &dialog {
            let _ = dialog.show_modal();
        }
        guard::turned();
        move || {
            guard::turned();
            if let Some(dialog) = dialog {
                dialog.close();
            }
        }
    });
    use_history_entry(&heading, &props.onclose);
    let oncancel = {
        let onclose = props.onclose.clone();
        Callback::from(move |event: Event| {
            event.prevent_default();
            onclose.emit(());
        })
    };
    // A tap beside the sheet lands on the dialog itself.
    let onclick = {
        let (onclose, dialog) = (props.onclose.clone(), dialog.clone());
        Callback::from(move |event: MouseEvent| {
            let is_beside = event
                .target()
                .zip(dialog.get())
                .is_some_and(|(hit, dialog)| JsValue::from(hit) == JsValue::from(dialog));
            if is_beside {
                onclose.emit(());
            }
        })
    };
    let close = props.onclose.reform(|_: MouseEvent| ());
    let failed = use_failed_since();
    html! {
        <dialog ref={dialog} class="sheet" aria-labelledby={(*heading).clone()} {oncancel} {onclick}>
            <div class="sheet-in">
                <div class="sheet-head">
                    <h2 id={(*heading).clone()}><bdi>{ props.title.clone() }</bdi>
                        if let Some(under) = &props.under { <small><bdi>{ under }</bdi></small> }</h2>
                    <button type="button" class="btn icon" aria-label={t("close")} onclick={close}>{ icon("x") }</button>
                </div>
                <div class="sheet-body">
                    { for props.children.iter() }
                    if let Some(error) = failed { <Trouble {error} is_inline=true /> }
                </div>
                if let Some(foot) = &props.foot { <div class="sheet-foot">{ foot.clone() }</div> }
                <p class="rest">{ props.rest.clone().unwrap_or_else(|| t("sheet-rest")) }</p>
            </div>
        </dialog>
    }
}

/// The last failure since the sheet was opened, because the page's own notices are behind it.
#[hook]
fn use_failed_since() -> Option<ApiError> {
    let notices = use_notices();
    let before = use_memo((), |()| notices.failed.clone());
    notices.failed.clone().filter(|failed| before.as_ref().as_ref() != Some(failed))
}

thread_local! {
    /// The history entry of a sheet that was just closed, which a sheet that replaces it takes over.
    static LEFT: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// A history entry for as long as the sheet is open: going back from it calls `onclose`. When the sheet is closed in another way, the
/// entry is removed, unless another page or sheet has replaced it by then.
#[hook]
fn use_history_entry(name: &str, onclose: &Callback<()>) {
    let newest = use_mut_ref(|| onclose.clone());
    newest.replace(onclose.clone());
    use_effect_with(name.to_owned(), move |name| {
        let (name, window) = (name.clone(), web_sys::window());
        let history = window.as_ref().and_then(|window| window.history().ok());
        if let Some(history) = &history {
            let state = JsValue::from_str(&name);
            let _ = if LEFT.take().is_some_and(|left| is_at(Some(history), &left)) {
                history.replace_state_with_url(&state, "", None)
            } else {
                history.push_state_with_url(&state, "", None)
            };
        }
        let gone_back = {
            let (history, name) = (history.clone(), name.clone());
            Closure::<dyn Fn()>::new(move || {
                if !is_at(history.as_ref(), &name) {
                    newest.borrow().emit(());
                }
            })
        };
        if let Some(window) = &window {
            let _ = window.add_event_listener_with_callback("popstate", gone_back.as_ref().unchecked_ref());
        }
        move || {
            if let Some(window) = window {
                let _ = window.remove_event_listener_with_callback("popstate", gone_back.as_ref().unchecked_ref());
            }
            if is_at(history.as_ref(), &name) {
                LEFT.replace(Some(name));
                Timeout::new(0, go_back).forget();
            }
        }
    });
}

/// Goes back from the entry of a closed sheet, unless another sheet has taken it over.
fn go_back() {
    let history = web_sys::window().and_then(|window| window.history().ok());
    if let (Some(left), Some(history)) = (LEFT.take(), &history)
        && is_at(Some(history), &left)
    {
        let _ = history.back();
    }
}

/// Goes back from the entry of a sheet that was open before a reload, because it is no longer open.
pub fn leave_old_entry() {
    let history = web_sys::window().and_then(|window| window.history().ok());
    let state = history.as_ref().and_then(|history| history.state().ok()?.as_string());
    if let (Some(history), Some(_)) = (history, state.filter(|state| state.starts_with(ENTRY))) {
        let _ = history.back();
    }
}

fn is_at(history: Option<&History>, name: &str) -> bool {
    history
        .and_then(|history| history.state().ok())
        .and_then(|state| state.as_string())
        .is_some_and(|state| state == name)
}
