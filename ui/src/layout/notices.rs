//! Notices: the last act with its undo, and the last failure. They stand under the page, where nothing else moves, and cover nothing. On a page with
//! a dock, whose strip shows the last act, that notice is only spoken, and a failure stands under the heading.

use crate::hooks::use_action;
use crate::i18n::{t, t_message};
use crate::state::notices::{Done, Notice, UNDO_MS, Undoing, use_notices};
use gloo_timers::callback::Timeout;
use porchlight_model::calls::visit::Undo;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::KeyboardEvent;
use yew::prelude::*;

/// The props of [`NoticeBars`].
#[derive(Properties, PartialEq)]
pub(super) struct NoticeBarsProps {
    /// Whether the page itself shows the last act, so that the notice is only spoken.
    #[prop_or_default]
    pub(super) is_spoken: bool,
}

/// The notices, in live regions that stay in the page so that screen readers announce them.
#[component]
pub(super) fn NoticeBars(props: &NoticeBarsProps) -> Html {
    let notices = use_notices();
    let done = notices.done.clone();
    let number = done.as_ref().map(|done| done.number);
    {
        let dispatcher = notices.dispatcher();
        use_effect_with((number, notices.is_held), move |(number, is_held)| {
            let clock = number
                .filter(|_| !is_held)
                .map(|number| Timeout::new(UNDO_MS, move || dispatcher.dispatch(Notice::Expired(number))));
            move || drop(clock)
        });
    }
    let dismiss = notices.dispatcher();
    html! {
        <div class="notices">
            <div role="alert">
                if let Some(error) = &notices.failed {
                    <div class="notice is-failed">
                        <span>{ t_message(&error.message) }</span>
                        <button type="button" onclick={move |_| dismiss.dispatch(Notice::Dismissed)}>{ t("close") }</button>
                    </div>
                }
            </div>
            if props.is_spoken {
                <div role="status" class="unseen">
                    if let Some(Done { text, number, .. }) = done { <span key={number}>{ text }</span> }
                </div>
            } else {
                <LastDone />
            }
        </div>
    }
}

/// The last act, with its undo.
#[component]
fn LastDone() -> Html {
    let notices = use_notices();
    let action = use_action();
    let done = notices.done.clone();
    let undo = {
        let (action, notices, done) = (action.clone(), notices.clone(), done.clone());
        Callback::from(move |()| {
            let Some(undo) = done.as_ref().and_then(|done| done.undo.clone()) else { return };
            let told = notices.clone();
            let done = move |()| told.dispatch(Notice::Done { text: t("taken-back"), undo: None });
            match undo {
                Undoing::Visits(visits) => action.run(Undo { visits }, done),
                Undoing::Flag(set) => action.run(set, done),
                Undoing::GoalSet(remove) => action.run(remove, done),
                Undoing::GoalChanged(back) => action.run(back, move |_| done(())),
                Undoing::GoalRemoved(restore) => action.run(restore, done),
            }
        })
    };
    use_undo_key(undo.clone());
    let hold = |is_held| {
        let dispatcher = notices.dispatcher();
        move || dispatcher.dispatch(Notice::Held(is_held))
    };
    let (on_in, on_out) = (hold(true), hold(false));
    let (on_enter, on_leave) = (hold(true), hold(false));
    let close = notices.dispatcher();
    html! {
        <div role="status" onfocusin={move |_| on_in()} onfocusout={move |_| on_out()}
            onpointerenter={move |_| on_enter()} onpointerleave={move |_| on_leave()}>
            if let Some(Done { text, undo: undoing, number }) = done {
                <div class="notice">
                    // A new element for each act, so that the same text is announced twice, and the button keeps its focus.
                    <span key={number}>{ text }</span>
                    if undoing.is_some() {
                        <button type="button" id="undo" aria-keyshortcuts="Control+Z" disabled={action.is_busy}
                            onclick={undo.reform(|_: MouseEvent| ())}>{ t("undo") }</button>
                    } else {
                        <button type="button" onclick={move |_| close.dispatch(Notice::Closed)}>{ t("close") }</button>
                    }
                </div>
            }
        </div>
    }
}

/// Ctrl+Z (or Cmd+Z) undoes the last act, except in a field, where it belongs to the text.
#[hook]
pub(super) fn use_undo_key(undo: Callback<()>) {
    use_effect_with(undo, |undo| {
        let undo = undo.clone();
        let pressed = Closure::<dyn FnMut(KeyboardEvent)>::new(move |event: KeyboardEvent| {
            let is_field = event
                .target()
                .and_then(|target| target.dyn_into::<web_sys::Element>().ok())
                .is_some_and(|element| matches!(element.tag_name().as_str(), "INPUT" | "TEXTAREA" | "SELECT"));
            // An act behind a sheet is not undone, because the person would not see it.
            let is_covered = || {
                let page = web_sys::window().and_then(|window| window.document());
                page.is_some_and(|page| page.query_selector("dialog[open]").is_ok_and(|sheet| sheet.is_some()))
            };
            if (event.ctrl_key() || event.meta_key()) && event.key() == "z" && !is_field && !is_covered() {
                event.prevent_default();
                undo.emit(());
            }
        });
        let document = web_sys::window().and_then(|window| window.document());
        if let Some(document) = &document {
            let _ = document.add_event_listener_with_callback("keydown", pressed.as_ref().unchecked_ref());
        }
        move || {
            if let Some(document) = document {
                let _ = document.remove_event_listener_with_callback("keydown", pressed.as_ref().unchecked_ref());
            }
        }
    });
}
