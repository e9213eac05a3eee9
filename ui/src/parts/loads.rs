//! Draws the states of a reply: loading, failed, empty. No other module does this.

use crate::backend;
use crate::i18n::{t, t_args, t_message};
use crate::load::Loadable;
use crate::parts::{Go, use_has_no_room};
use crate::route::Route;
use porchlight_model::message::{ApiError, ErrorCode};
use std::rc::Rc;
use yew::prelude::*;
use yew_router::Routable;

/// Draws a reply with `ready`, or its loading state, or why it failed and what to do.
pub fn draw<T>(loadable: &Loadable<T>, ready: impl FnOnce(&Rc<T>) -> Html) -> Html {
    match loadable {
        Loadable::Loading => html! { <p class="loading" role="status">{ t("loading") }</p> },
        Loadable::Ready { value, .. } => ready(value),
        Loadable::Failed(error) => html! { <Trouble error={error.clone()} /> },
    }
}

/// The engine's message about turf whose doors are not here, which on a device without room says what it waits for.
const NOT_READY: &str = "error-turf-not-ready";

/// The props of [`Trouble`].
#[derive(Properties, PartialEq)]
pub struct TroubleProps {
    /// The failure.
    pub error: ApiError,
    /// Whether it is one line in a form, without a retry button.
    #[prop_or_default]
    pub is_inline: bool,
}

/// Why something failed, and what to do about it.
#[component]
pub fn Trouble(props: &TroubleProps) -> Html {
    let error = &props.error;
    let is_for_room = use_has_no_room() && error.message.id == NOT_READY;
    let what = if is_for_room { t("no-turf-no-room") } else { t_message(&error.message) };
    let place = error.at.as_ref().map(|at| {
        let text = t_args(
            if at.column == 0 { "file-place-line" } else { "file-place-column" },
            &[
                ("file", at.file.as_str().into()),
                ("line", at.line.into()),
                ("column", at.column.into()),
                ("header", at.header.as_str().into()),
            ],
        );
        html! { <p class="trouble-place">{ text }</p> }
    });
    if props.is_inline {
        return html! { <div class="trouble is-inline" role="alert"><p>{ what }</p>{ place }</div> };
    }
    let again = |id: &str| {
        let onclick = Callback::from(|_: MouseEvent| backend::refresh());
        html! { <button type="button" class="btn" {onclick}>{ t(id) }</button> }
    };
    let way_out = match error.code {
        ErrorCode::NotFound | ErrorCode::NotAllowed => {
            html! { <Go to={Route::Home.to_path()} class="btn">{ t("go-to-start") }</Go> }
        }
        ErrorCode::NotEnrolled => html! { <Go to={Route::Join.to_path()} class="btn main">{ t("go-to-join") }</Go> },
        ErrorCode::WrongVersion => {
            // A plain reload would load the same version again if a newer one waits.
            let onclick = Callback::from(|_: MouseEvent| crate::update::take());
            html! { <button type="button" class="btn main" {onclick}>{ t("reload") }</button> }
        }
        ErrorCode::Failed
        | ErrorCode::BadInput
        | ErrorCode::Offline
        | ErrorCode::StorageFull
        | ErrorCode::Cancelled => again("try-again"),
    };
    html! {
        <div class="trouble" role="alert">
            <p>{ what }</p>
            { place }
            <div>{ way_out }</div>
        </div>
    }
}

/// The props of [`Empty`].
#[derive(Properties, PartialEq)]
pub struct EmptyProps {
    /// Says that there is nothing here.
    pub title: AttrValue,
    /// The next step.
    pub what_next: AttrValue,
    /// A link or button that does it.
    #[prop_or_default]
    pub children: Children,
}

/// The empty state of a screen, which says what the next step is.
#[component]
pub fn Empty(props: &EmptyProps) -> Html {
    html! {
        <div class="empty">
            <svg class="empty-mark" aria-hidden="true"><use href="#m-todo" /></svg>
            <h2>{ props.title.clone() }</h2>
            <p>{ props.what_next.clone() }</p>
            { for props.children.iter() }
        </div>
    }
}

/// Reloads the page.
pub fn reload() {
    if let Some(window) = web_sys::window() {
        let _ = window.location().reload();
    }
}
