//! The team: enrolled devices, devices that are shut out, and invites for captains and coordinators.

mod devices;

use self::devices::Devices;
use super::hub::HubCard;
use super::link::Link;
use super::links::Links;
use crate::hooks::{use_call, use_form_action};
use crate::i18n::t;
use crate::layout::{Page, use_may};
use crate::pages::handover::TakeOverCard;
use crate::parts::{Trouble, draw};
use porchlight_model::calls::invite::{Invite, InviteLink, Roster};
use porchlight_model::grant::Act;
use porchlight_model::member::Role;
use std::rc::Rc;
use yew::prelude::*;

/// The lifetime of an invite to a role, in minutes.
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
            { draw(&roster, |roster| html! { <Devices roster={roster.clone()} /> }) }
            <HubCard />
            <TakeOverCard />
        </Page>
    }
}

/// The form that creates an invite.
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
