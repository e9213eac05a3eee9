//! One tab for each resident, each with their own position in the script and their own answers.

use crate::i18n::{t, t_args};
use crate::pages::door::short_name;
use crate::parts::icon;
use crate::route::Route;
use crate::state::half_done::HalfTalk;
use crate::state::talk::Talk;
use porchlight_model::calls::door::{DoorView, VoterView};
use porchlight_model::id::VoterId;
use porchlight_model::visit::{PersonState, ResultCode};
use std::rc::Rc;
use yew::prelude::*;
use yew_router::prelude::use_navigator;

/// The props of [`Who`].
#[derive(Properties, PartialEq)]
pub(super) struct WhoProps {
    /// The door.
    pub(super) view: Rc<DoorView>,
    /// Who speaks at present.
    pub(super) voter: VoterId,
    /// The unfinished talks.
    pub(super) halves: Vec<HalfTalk>,
    /// The present talk.
    pub(super) talk: Rc<Talk>,
    /// Adds a person who is not listed.
    pub(super) on_add: Callback<()>,
}

/// The tabs.
#[component]
pub(super) fn Who(props: &WhoProps) -> Html {
    let navigator = use_navigator();
    let door = props.view.door.id;
    let tab = |other: &VoterView| {
        let (voter, navigator) = (other.voter.id, navigator.clone());
        let is_on = voter == props.voter;
        // Replaces this talk's history entry, so that Back leads to the door and not through every tab.
        let onclick = Callback::from(move |_: MouseEvent| {
            if let (false, Some(navigator)) = (is_on, &navigator) {
                navigator.replace(&Route::Talk { door, voter });
            }
        });
        html! {
            <button type="button" role="tab" aria-selected={is_on.to_string()} class={is_on.then_some("on")} key={voter.to_string()} {onclick}>
                <bdi>{ short_name(&props.view, voter) }</bdi><small>{ far(props, other) }</small></button>
        }
    };
    let others = props.view.voters.iter().filter(|other| !other.state.is_out() || other.voter.id == props.voter);
    html! {
        <div class="seg who-speaks">
            <div class="seg-in" role="tablist" aria-label={t("talk-who")}>{ for others.map(tab) }</div>
            <button type="button" aria-haspopup="dialog" aria-label={t("talk-add")} onclick={props.on_add.reform(|_: MouseEvent| ())}>{ icon("user-plus") }</button>
        </div>
    }
}

/// The progress of the talk with someone.
fn far(props: &WhoProps, other: &VoterView) -> AttrValue {
    let of = |at: usize, n: usize| t_args("talk-at-of", &[("at", at.min(n).into()), ("n", n.into())]);
    if other.voter.id == props.voter {
        let (at, n) = props.talk.progress();
        return of(at + 1, n);
    }
    if let Some(half) = props.halves.iter().find(|half| half.voter == other.voter.id) {
        return of(half.question, half.of);
    }
    match other.state {
        PersonState::Tried(ResultCode::Canvassed) => t("state-talked"),
        PersonState::Tried(ResultCode::Refused) => t("state-refused"),
        PersonState::ToMeet | PersonState::Tried(_) | PersonState::Gone(_) | PersonState::DoNotContact => {
            t("state-todo")
        }
    }
}
