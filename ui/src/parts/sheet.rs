//! A sheet over the page: a real dialog, so that focus stays inside, Escape closes it, and the page behind is out of reach.

use crate::guard;
use crate::i18n::t;
use wasm_bindgen::JsValue;
use web_sys::HtmlDialogElement;
use yew::prelude::*;

/// What [`Sheet`] takes.
#[derive(Properties, PartialEq)]
pub struct SheetProps {
    /// Its heading.
    pub title: AttrValue,
    /// The person wants it closed.
    pub onclose: Callback<()>,
    /// What is in it.
    pub children: Children,
}

/// A sheet, open for as long as it is drawn.
#[component]
pub fn Sheet(props: &SheetProps) -> Html {
    let dialog = use_node_ref();
    let heading = use_memo((), |()| format!("sheet-{}", crate::fresh::job()));
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
    html! {
        <dialog ref={dialog} class="sheet" aria-labelledby={(*heading).clone()} {oncancel} {onclick}>
            <div class="sheet-in">
                <div class="sheet-head">
                    <h2 id={(*heading).clone()}>{ props.title.clone() }</h2>
                    <button type="button" class="btn quiet" onclick={close}>{ t("close") }</button>
                </div>
                { for props.children.iter() }
            </div>
        </dialog>
    }
}
