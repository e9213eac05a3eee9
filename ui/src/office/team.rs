//! Who is enrolled, and inviting captains and coordinators.

use super::hub::HubCard;
use super::link::Link;
use super::links::Links;
use crate::hooks::{use_call, use_form_action};
use crate::i18n::{t, t_args};
use crate::layout::{Page, use_may};
use crate::pages::handover::TakeOverCard;
use crate::parts::{Empty, Trouble, draw, listed};
use crate::when;
use porchlight_model::calls::office::{Invite, InviteLink, Roster, RosterView};
use porchlight_model::grant::Act;
use porchlight_model::member::Role;
use std::rc::Rc;
use yew::prelude::*;

/// How long an invite to a role works.
const MINUTES: u32 = 7 * 24 * 60;

/// The team.
#[component]
pub(super) fn Team() -> Html {
    let roster = use_call(Roster {});
    let may_invite = use_may(Act::InviteOffice);
    html! {
        <Page title={t("place-team")} class="column">
            if may_invite { <Inviting /> }
            <Links />
            { draw(&roster, |roster| devices(roster)) }
            <HubCard />
            <TakeOverCard />
        </Page>
    }
}

/// Making an invite.
#[component]
fn Inviting() -> Html {
    let action = use_form_action();
    let made = use_state(|| None::<Rc<InviteLink>>);
    let invite = |role: Role| {
        let (action, made) = (action.clone(), made.clone());
        Callback::from(move |_: MouseEvent| {
            let made = made.clone();
            action.run(Invite { role, minutes: MINUTES }, move |link| made.set(Some(Rc::new(link))));
        })
    };
    html! {
        <section class="card stack">
            <h2 class="eyebrow">{ t("team-invite") }</h2>
            <p class="who">{ t("team-invite-hint") }</p>
            <div class="row">
                <button type="button" class="btn main" disabled={action.is_busy} onclick={invite(Role::Captain)}>{ t("team-invite-captain") }</button>
                <button type="button" class="btn" disabled={action.is_busy} onclick={invite(Role::Coordinator)}>{ t("team-invite-coordinator") }</button>
            </div>
            if let Some(error) = &action.failed { <Trouble error={error.clone()} is_inline=true /> }
            if let Some(link) = &*made { <Link link={link.clone()} /> }
        </section>
    }
}

fn devices(roster: &RosterView) -> Html {
    if roster.devices.is_empty() {
        return html! { <Empty title={t("team-empty-title")} what_next={t("team-empty-body")} /> };
    }
    html! {
        <>
            if let Some(as_of) = roster.as_of { <p class="who">{ t_args("team-as-of", &[("time", when::ago(as_of).to_string().into())]) }</p> }
            <ul class="list">
                { for roster.devices.iter().map(|(device, turfs)| {
                    let role = match device.role {
                        Role::Canvasser => "role-canvasser",
                        Role::Captain => "role-captain",
                        Role::Coordinator => "role-coordinator",
                    };
                    let heard = device.last_heard.map_or_else(|| t("team-never-heard"), |at| t_args("team-heard", &[("time", when::ago(at).to_string().into())]));
                    html! {
                        <li class="li"><span class="grow"><span class="li-title"><bdi>{ &device.name }</bdi></span>
                            <span class="who">{ t(role) }{ " · " }{ heard }</span>
                            if !turfs.is_empty() { <span class="who cut">{ listed(turfs) }</span> }
                        </span>
                        if device.is_revoked { <span class="chip">{ t("team-revoked") }</span> }
                        </li>
                    }
                }) }
            </ul>
        </>
    }
}
