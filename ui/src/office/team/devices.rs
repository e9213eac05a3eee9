//! The devices of the campaign, and how to shut one out.

use crate::hooks::use_form_action;
use crate::i18n::{t, t_args};
use crate::layout::use_identity;
use crate::parts::{Empty, Sheet, Trouble, listed, of_role};
use crate::state::notices::{Notice, use_notices};
use crate::when;
use porchlight_model::calls::invite::RosterView;
use porchlight_model::calls::invite::ShutOut;
use porchlight_model::grant::Act;
use porchlight_model::member::Identity;
use porchlight_model::relay::{Revocation, RosterDevice, ShutOutDone};
use std::rc::Rc;
use yew::prelude::*;

/// The props of [`Devices`].
#[derive(Properties, PartialEq)]
pub(super) struct DevicesProps {
    pub(super) roster: Rc<RosterView>,
}

/// The enrolled devices, as the relay last reported.
#[component]
pub(super) fn Devices(props: &DevicesProps) -> Html {
    let roster = &props.roster;
    let own = use_identity();
    let asked = use_state(|| None::<RosterDevice>);
    if roster.devices.is_empty() {
        return html! { <Empty title={t("team-empty-title")} what_next={t("team-empty-body")} /> };
    }
    let ask = {
        let asked = asked.clone();
        Callback::from(move |device: Option<RosterDevice>| asked.set(device))
    };
    html! {
        <>
            if let Some(as_of) = roster.as_of { <p class="who">{ t_args("team-as-of", &[("time", when::ago(as_of).to_string().into())]) }</p> }
            <ul class="list" id="devices">{ for roster.devices.iter().map(|(device, turfs)| row(device, turfs, own.as_ref(), &ask)) }</ul>
            if let Some(device) = &*asked { <Confirm device={device.clone()} onclose={ask.reform(|()| None)} /> }
        </>
    }
}

/// Describes a device so that it differs from others of the same person: by role and last contact.
fn which(device: &RosterDevice) -> String {
    let role = of_role(device.role);
    let heard = device.last_heard.map_or_else(
        || t("team-never-heard"),
        |at| t_args("team-heard", &[("time", when::ago(at).to_string().into())]),
    );
    format!("{role} · {heard}")
}

/// When and by whom a device was shut out.
fn revoked(device: &RosterDevice, how: &Revocation) -> AttrValue {
    let time = ("time", when::ago(how.at).to_string().into());
    match how.by {
        None => t_args("team-revoked-at-relay", &[time]),
        Some(by) if by == device.device => t_args("team-revoked-left", &[time]),
        Some(_) => t_args("team-revoked-by", &[("name", how.by_name.as_str().into()), time]),
    }
}

fn row(device: &RosterDevice, turfs: &[String], own: Option<&Identity>, ask: &Callback<Option<RosterDevice>>) -> Html {
    let may_shut_out = own.is_some_and(|own| own.device != device.device && own.role.may_shut_out(device.role));
    let onclick = ask.reform({
        let device = device.clone();
        move |_: MouseEvent| Some(device.clone())
    });
    html! {
        <li class="li" key={device.device.to_string()}><span class="grow"><span class="li-title"><bdi>{ &device.name }</bdi></span>
            <span class="who">{ which(device) }</span>
            if let Some(how) = &device.revocation { <span class="who">{ revoked(device, how) }</span> }
            if !turfs.is_empty() { <span class="who cut">{ listed(turfs) }</span> }
        </span>
        if device.is_revoked {
            <span class="chip">{ t("team-revoked") }</span>
        } else if may_shut_out {
            <button type="button" class="btn quiet" {onclick}
                aria-label={t_args("team-shut-out-of", &[("name", device.name.as_str().into()), ("which", which(device).into())])}>{ t("team-shut-out") }</button>
        }
        </li>
    }
}

/// The props of [`Confirm`].
#[derive(Properties, PartialEq)]
struct ConfirmProps {
    device: RosterDevice,
    onclose: Callback<()>,
}

/// Explains and confirms shutting a device out.
#[component]
fn Confirm(props: &ConfirmProps) -> Html {
    let ConfirmProps { device, onclose } = props;
    let action = use_form_action();
    let notices = use_notices();
    let name: AttrValue = device.name.clone().into();
    let about = |id: &str| t_args(id, &[("name", name.as_str().into())]);
    let onclick = {
        let (action, id, name, onclose) = (action.clone(), device.device, name.clone(), onclose.clone());
        Callback::from(move |_: MouseEvent| {
            let (notices, name, onclose) = (notices.clone(), name.clone(), onclose.clone());
            action.run(ShutOut { device: id }, move |done| {
                notices.dispatch(Notice::Done { text: said(&name, done), undo: None });
                onclose.emit(());
            });
        })
    };
    html! {
        <Sheet title={about("team-shut-out-title")} under={which(device)} onclose={onclose.clone()}>
            <div class="stack">
            <p>{ about("team-shut-out-nothing-more") }</p>
            <p>{ about("team-shut-out-sent") }</p>
            <p>{ about("team-shut-out-unsent") }</p>
            if device.role.may(Act::HandOut) || device.role.is_unknown() { <p>{ t("team-shut-out-links") }</p> }
            <p>{ t("team-shut-out-link-in") }</p>
            <p>{ about("team-shut-out-final") }</p>
            if let Some(error) = &action.failed { <Trouble error={error.clone()} is_inline=true /> }
            <button type="button" class="btn grave wide" disabled={action.is_busy} {onclick}>{ about("team-shut-out-now") }</button>
            </div>
        </Sheet>
    }
}

fn said(name: &str, done: ShutOutDone) -> AttrValue {
    let id = if done.is_news { "team-shut-out-done" } else { "team-shut-out-before" };
    t_args(id, &[("name", name.into()), ("n", done.n_invites.into())])
}
