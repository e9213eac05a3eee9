//! A file that is ready but not saved yet, because one more tap is needed or this browser cannot save files.

use super::{SavedText, say};
use crate::backend;
use crate::i18n::{t, t_args};
use crate::parts::Sheet;
use crate::state::notices::use_notices;
use porchlight_model::calls::files::ExportFile;
use std::cell::RefCell;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

/// What the sheet says about a file.
pub(super) enum Waiting {
    /// The next tap saves it.
    Tap {
        /// The file.
        file: ExportFile,
        /// The text once it is written.
        told: SavedText,
    },
    /// It cannot be saved here.
    Nowhere,
}

thread_local! {
    static WAITING: RefCell<Option<Waiting>> = const { RefCell::new(None) };
    static REDRAW: RefCell<Option<UseForceUpdateHandle>> = const { RefCell::new(None) };
}

/// Shows the sheet for a file.
pub(super) fn show(waiting: Waiting) {
    put(Some(waiting));
}

fn put(waiting: Option<Waiting>) {
    WAITING.with(|place| *place.borrow_mut() = waiting);
    if let Some(redraw) = REDRAW.with(|redraw| redraw.borrow().clone()) {
        redraw.force_update();
    }
}

/// The sheet, while a file waits; placed once in the window.
#[component]
pub fn ReadyFile() -> Html {
    let notices = use_notices();
    let redraw = use_force_update();
    use_memo((), move |()| REDRAW.with(|place| *place.borrow_mut() = Some(redraw)));
    let onclose = Callback::from(|()| put(None));
    let name = WAITING.with(|waiting| match &*waiting.borrow() {
        None => None,
        Some(Waiting::Nowhere) => Some(None),
        Some(Waiting::Tap { file, .. }) => Some(Some(file.name.clone())),
    });
    match name {
        None => Html::default(),
        Some(None) => html! {
            <Sheet title={t("save-cannot-title")} {onclose}>
                <p class="sheet-text">{ t("save-cannot-body") }</p>
                <p class="sheet-text">{ t("save-cannot-results") }</p>
            </Sheet>
        },
        Some(Some(name)) => {
            let onclick = Callback::from(move |_: MouseEvent| {
                let Some(Waiting::Tap { file, told }) = WAITING.with(|waiting| waiting.borrow_mut().take()) else {
                    return;
                };
                let notices = notices.clone();
                spawn_local(async move {
                    let saved = backend::save(&file, true).await;
                    put(None);
                    say(saved, file, notices, told);
                });
            });
            html! {
                <Sheet title={t("save-ready-title")} {onclose}>
                    <p class="sheet-text">{ t_args("save-ready-body", &[("file", name.into())]) }</p>
                    <button type="button" class="btn main wide" id="save-ready" {onclick}>{ t("save-ready-now") }</button>
                </Sheet>
            }
        }
    }
}
