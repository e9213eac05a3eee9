//! This device as a hub: opening it for phones on the same network, its code, and the phones that have connected.

use crate::clock::use_now;
use crate::hooks::{use_call, use_form_action};
use crate::i18n::{t, t_args};
use crate::office::link::Copyable;
use crate::parts::Trouble;
use crate::parts::qr::Qr;
use crate::when;
use porchlight_model::calls::hub::{HostHub, HostView, HostedHub, HubDoor, HubGuest, OpenHub};
use porchlight_model::time::At;
use yew::prelude::*;

/// The hub, if this app can be one.
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
            { state_of(view.open.as_ref()) }
            if let Some(error) = &action.failed { <Trouble error={error.clone()} is_inline=true /> }
            <div class="row">
                <button type="button" class={classes!("btn", (!is_open).then_some("main"))} disabled={action.is_busy} {onclick}>
                    { t(if is_open { "hub-host-close" } else { "hub-host-begin" }) }
                </button>
            </div>
            if let Some(OpenHub { door: Some(door), moved }) = &view.open {
                { for moved.map(|at| moved_at(at, &view.guests)) }
                { door_of(door) }
            }
            { carried(view) }
        </section>
    }
}

/// The state of the hub and the next action.
fn state_of(open: Option<&OpenHub>) -> Html {
    match open {
        None => html! { <p>{ t("hub-host-closed") }</p> },
        Some(OpenHub { door: None, .. }) => {
            html! { <p class="trouble is-inline" role="status">{ t("hub-host-waits") }</p> }
        }
        Some(OpenHub { door: Some(_), .. }) => html! { <p>{ t("hub-host-open") }</p> },
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

/// The hint that the device's addresses have changed, so that phones which have not connected since must scan again.
fn moved_at(at: At, guests: &[HubGuest]) -> Html {
    let n_missing = guests.iter().filter(|guest| guest.last_here < at).count();
    let args = [("time", when::ago(at).to_string().into()), ("n", n_missing.into())];
    let class = if n_missing > 0 { "trouble is-inline" } else { "who" };
    html! { <p {class} role="status">{ t_args("hub-host-moved", &args) }</p> }
}

/// What is waiting for the relay, and the phones that have connected.
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
                            <li class="li"><span class="grow"><span class="li-title"><bdi>{ &guest.name }</bdi></span><span class="who">{ here }</span></span></li>
                        }
                    }) }
                </ul>
            }
        </>
    }
}
