//! This device as a hub: opened for phones on the same network, with its code, and who was here.

use crate::clock::use_now;
use crate::hooks::{use_call, use_form_action};
use crate::i18n::{t, t_args};
use crate::office::link::Copyable;
use crate::parts::Trouble;
use crate::parts::qr::Qr;
use crate::when;
use porchlight_model::calls::hub::{HostHub, HostView, HostedHub, HubDoor};
use yew::prelude::*;

/// The hub, where this app can be one.
#[component]
pub(super) fn HubCard() -> Html {
    let hosted = use_call(HostedHub {});
    let action = use_form_action();
    let _ = use_now();
    let Some(view) = hosted.value().and_then(|view| (**view).as_ref()) else { return Html::default() };
    let is_open = view.open.is_some();
    let onclick = {
        let action = action.clone();
        Callback::from(move |_: MouseEvent| action.run(HostHub { is_open: !is_open }, |_| ()))
    };
    html! {
        <section class="card stack">
            <h2 class="eyebrow">{ t("hub-host-title") }</h2>
            <p>{ t(if is_open { "hub-host-open" } else { "hub-host-closed" }) }</p>
            if let Some(error) = &action.failed { <Trouble error={error.clone()} is_inline=true /> }
            <div class="row">
                <button type="button" class={classes!("btn", (!is_open).then_some("main"))} disabled={action.is_busy} {onclick}>
                    { t(if is_open { "hub-host-close" } else { "hub-host-begin" }) }
                </button>
            </div>
            if let Some(door) = &view.open { { door_of(door) } }
            { carried(view) }
        </section>
    }
}

fn door_of(door: &HubDoor) -> Html {
    html! {
        <div class="invite-link stack">
            <Qr modules={door.qr.clone()} label={t("hub-host-qr")} />
            <Copyable id="hub-host-link" label={t("hub-link")} text={door.link.clone()} />
            <p class="who">{ t_args("hub-host-at", &[("addresses", door.addresses.join(", ").into())]) }</p>
        </div>
    }
}

/// What waits for the relay, and who was here.
fn carried(view: &HostView) -> Html {
    html! {
        <>
            if view.n_to_carry > 0 || view.open.is_some() {
                <p role="status">{ t_args("hub-host-carries", &[("n", view.n_to_carry.into())]) }</p>
            }
            if let (Some(_), Some(at)) = (&view.open, view.roster_as_of) {
                <p class="who">{ t_args("hub-host-as-of", &[("time", when::ago(at).to_string().into())]) }</p>
            }
            if !view.guests.is_empty() {
                <ul class="list" aria-label={t("hub-host-guests")}>
                    { for view.guests.iter().map(|guest| {
                        let here = t_args("hub-host-guest", &[
                            ("time", when::ago(guest.last_here).to_string().into()), ("n", guest.n_brought.into()),
                        ]);
                        html! {
                            <li class="li"><span class="grow"><span class="li-title">{ &guest.name }</span><span class="who">{ here }</span></span></li>
                        }
                    }) }
                </ul>
            }
        </>
    }
}
