//! An invite: its QR code, link, copy button, and expiry time.

use crate::i18n::{t, t_args};
use crate::parts::qr::Qr;
use crate::when;
use js_sys::{Function, Reflect};
use porchlight_model::calls::invite::InviteLink;
use std::rc::Rc;
use wasm_bindgen::{JsCast, JsValue};
use yew::prelude::*;

/// The props of [`Link`].
#[derive(Properties, PartialEq)]
pub(super) struct LinkProps {
    /// The invite.
    pub(super) link: Rc<InviteLink>,
    /// The id of the field that shows it.
    #[prop_or("invite-link")]
    pub(super) id: &'static str,
}

/// An invite as QR code and link.
#[component]
pub(super) fn Link(props: &LinkProps) -> Html {
    let until = when::full(props.link.expires_at);
    html! {
        <div class="invite-link stack">
            <Qr modules={props.link.qr.clone()} label={t("invite-qr")} />
            <Copyable id={props.id} label={t("invite-link")} text={props.link.link.clone()} />
            if props.link.is_again { <p class="who">{ t("invite-again") }</p> }
            <p class="who">{ t_args("invite-until", &[("time", until.to_string().into())]) }</p>
        </div>
    }
}

/// The props of [`Copyable`].
#[derive(Properties, PartialEq)]
pub(super) struct CopyableProps {
    /// The field's id.
    pub(super) id: &'static str,
    /// Its label.
    pub(super) label: AttrValue,
    /// The text.
    pub(super) text: String,
}

/// A text to read, select or copy.
#[component]
pub(super) fn Copyable(props: &CopyableProps) -> Html {
    let is_copied = use_state(|| false);
    let onclick = {
        let (text, is_copied) = (props.text.clone(), is_copied.clone());
        Callback::from(move |_: MouseEvent| is_copied.set(copy(&text)))
    };
    html! {
        <>
            <div class="field">
                <label for={props.id}>{ props.label.clone() }</label>
                <input id={props.id} type="text" readonly=true value={props.text.clone()} />
            </div>
            <div class="row">
                <button type="button" class="btn" {onclick}>{ t("invite-copy") }</button>
                <span role="status">{ if *is_copied { t("invite-copied") } else { AttrValue::default() } }</span>
            </div>
        </>
    }
}

/// Copies a text; returns whether the browser permits it.
fn copy(text: &str) -> bool {
    let act = || -> Result<JsValue, JsValue> {
        let window = web_sys::window().ok_or(JsValue::NULL)?;
        let clipboard = Reflect::get(&window.navigator(), &"clipboard".into())?;
        let write: Function = Reflect::get(&clipboard, &"writeText".into())?.dyn_into()?;
        write.call1(&clipboard, &text.into())
    };
    act().is_ok()
}
