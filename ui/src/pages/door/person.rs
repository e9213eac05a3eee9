//! One person at a door: who they are, their state, and the link to the talk.

use super::question_of;
use crate::hooks::use_action;
use crate::i18n::{t, t_args};
use crate::layout::use_identity;
use crate::pages::act::Acts;
use crate::parts::mark::result_label;
use crate::parts::{Go, icon};
use crate::route::Route;
use crate::state::half_done::HalfTalk;
use crate::state::notices::{say, use_notices};
use crate::when;
use porchlight_model::calls::door::{DoorView, HistoryItem, HistoryKind, VoterView};
use porchlight_model::calls::visit::Undo;
use porchlight_model::id::{MemberId, VisitId, VoterId};
use porchlight_model::visit::{DoorState, Gone, PersonState, ResultCode};
use std::rc::Rc;
use yew::prelude::*;
use yew_router::Routable;

/// The props of [`Person`].
#[derive(Properties, PartialEq)]
pub(super) struct PersonProps {
    /// The door.
    pub(super) view: Rc<DoorView>,
    /// The resident.
    pub(super) voter: VoterId,
    /// The acts that the page offers.
    pub(super) acts: Acts,
    /// An unfinished talk with them.
    pub(super) half: Option<HalfTalk>,
    /// Opens the sheet with everything that can be recorded.
    pub(super) on_more: Callback<MouseEvent>,
}

/// The card of a person.
#[component]
pub(super) fn Person(props: &PersonProps) -> Html {
    let me = use_identity().map(|identity| identity.member);
    let action = use_action();
    let notices = use_notices();
    let Some(view) = props.view.voters.iter().find(|view| view.voter.id == props.voter) else { return Html::default() };
    let name = view.voter.full_name();
    let is_danger = props.view.state == DoorState::Danger;
    let last = last_result(&props.view, view);
    let own = last.filter(|(item, _)| Some(item.by) == me).map(|(_, visit)| visit);
    let undo = Callback::from(move |_: MouseEvent| {
        let notices = notices.clone();
        if let Some(visit) = own {
            action.run(Undo { visits: vec![visit] }, move |()| say(&notices, "taken-back"));
        }
    });
    let talk = Route::Talk { door: view.voter.door, voter: view.voter.id }.to_path();
    let label = |id| t_args(id, &[("name", name.as_str().into())]);
    let main = match (is_danger, props.half, view.state) {
        (true, _, _) => call(view),
        (false, Some(_), _) => {
            html! { <Go to={talk.clone()} class="btn" label={label("person-go-on")}>{ t("act-go-on") }</Go> }
        }
        (false, None, PersonState::Gone(_)) if own.is_some() => html! {
            <button type="button" class="btn bare" aria-label={label("person-undo")} onclick={undo}>{ t("undo") }</button>
        },
        (
            false,
            None,
            PersonState::Gone(_)
            | PersonState::DoNotContact
            | PersonState::Tried(ResultCode::Canvassed | ResultCode::Refused | ResultCode::Moved | ResultCode::Deceased),
        ) => Html::default(),
        (false, None, PersonState::ToMeet | PersonState::Tried(_)) => html! {
            <Go to={talk.clone()} class="btn" label={label("person-talk")}>{ t("act-talk") }</Go>
        },
    };
    let is_out = view.state.is_out();
    html! {
        <article class={classes!("res", is_out.then_some("out"))}>
            <div class="whom">
                <h2>{ named(view, is_out) }</h2>
                <p>{ facts(view) }</p>
            </div>
            <div class="do">
                <button type="button" class="btn icon" aria-haspopup="dialog" onclick={props.on_more.clone()} aria-label={label("person-more")}>{ icon("ellipsis") }</button>
                { main }
            </div>
            { standing(&props.view, view, last.map(|(item, _)| item), me, props.half) }
            { foot(view, &talk, is_danger) }
        </article>
    }
}

/// The latest result about a person that determines their card: for someone who moved or died, that result.
fn last_result<'a>(view: &'a DoorView, voter: &VoterView) -> Option<(&'a HistoryItem, VisitId)> {
    let gone = match voter.state {
        PersonState::Gone(Gone::Moved) => Some(ResultCode::Moved),
        PersonState::Gone(Gone::Deceased) => Some(ResultCode::Deceased),
        PersonState::ToMeet | PersonState::Tried(_) | PersonState::DoNotContact => None,
    };
    view.history.iter().filter(|item| item.voter == Some(voter.voter.id)).find_map(|item| match item.what {
        HistoryKind::Visit { visit, is_retracted: false, result, .. } if gone.is_none_or(|gone| gone == result) => {
            Some((item, visit))
        }
        HistoryKind::Visit { .. } | HistoryKind::Note { .. } | HistoryKind::Flag { .. } | HistoryKind::Added { .. } => {
            None
        }
    })
}

/// Name and age; struck through if nobody should ask for them.
fn named(view: &VoterView, is_out: bool) -> Html {
    let name = html! { <bdi>{ view.voter.full_name() }</bdi> };
    let age = view.voter.age.map(|age| format!(", {age}")).unwrap_or_default();
    if is_out {
        html! { <><s>{ name }</s>{ age }</> }
    } else {
        html! { <>{ name }{ age }</> }
    }
}

fn facts(view: &VoterView) -> String {
    let mut facts: Vec<String> = vec![t(if view.is_added { "person-added" } else { "person-registered" }).to_string()];
    facts.extend((!view.voter.party.is_empty()).then(|| view.voter.party.clone()));
    facts.join(" · ")
}

/// A link to phone them, which is safe if the door is not.
fn call(view: &VoterView) -> Html {
    if view.voter.phone.is_empty() {
        return Html::default();
    }
    html! {
        <a class="btn" href={format!("tel:{}", view.voter.phone)} aria-label={t_args("person-call", &[("name", view.voter.full_name().into())])}>
            { icon("phone") }<span>{ t("act-call") }</span></a>
    }
}

/// The person's state: the unfinished talk, or the mark and label of the result, with who and when.
fn standing(
    door: &DoorView,
    view: &VoterView,
    last: Option<&HistoryItem>,
    me: Option<MemberId>,
    half: Option<HalfTalk>,
) -> Html {
    // That someone has moved or died takes precedence over an unfinished talk.
    if let Some(half) = half.filter(|_| !matches!(view.state, PersonState::Gone(_))) {
        return html! {
            <p class="sub2 all"><svg class="mark" aria-hidden="true"><use href="#m-paused" /></svg><span><b>{ question_of(half) }</b>
                { t_args("half-left-after", &[("when", when::moment(half.at).to_string().into())]) }</span></p>
        };
    }
    let (mark, word) = match view.state {
        PersonState::ToMeet => return Html::default(),
        PersonState::DoNotContact => (DoorState::Refused, t("flag-do-not-contact")),
        PersonState::Gone(Gone::Moved) => (DoorState::Moved, t(result_label(ResultCode::Moved))),
        PersonState::Gone(Gone::Deceased) => (DoorState::Moved, t(result_label(ResultCode::Deceased))),
        PersonState::Tried(result) if last.is_some() => (DoorState::of_result(result), t(result_label(result))),
        // A result for the whole door is shown at the door.
        PersonState::Tried(_) => return Html::default(),
    };
    let told = last.filter(|_| view.state != PersonState::DoNotContact).map(|item| told(door, view, item, me));
    let told = told.or_else(|| matches!(view.state, PersonState::Gone(_)).then(|| html! { t("person-gone-before") }));
    html! {
        <p class="sub2 all"><svg class="mark" aria-hidden="true"><use href={format!("#m-{}", mark.as_str())} /></svg>
            <span><b>{ word }</b>{ told.map(|told| html! { <>{ " · " }{ told }</> }) }</span></p>
    }
}

/// Who and when, the answers, and the note that was written with them.
fn told(door: &DoorView, view: &VoterView, item: &HistoryItem, me: Option<MemberId>) -> Html {
    let by = if Some(item.by) == me {
        t("history-you").to_string()
    } else if item.by_name.is_empty() {
        t("history-someone").to_string()
    } else {
        item.by_name.clone()
    };
    // The current answers, which a settlement may have decided differently from the latest talk.
    let said: Vec<String> = match view.state {
        PersonState::Tried(ResultCode::Canvassed) => answers(view),
        PersonState::ToMeet | PersonState::Tried(_) | PersonState::Gone(_) | PersonState::DoNotContact => Vec::new(),
    };
    let note = door.history.iter().find_map(|other| match &other.what {
        HistoryKind::Note { text, .. } if (other.voter, other.at, other.by) == (item.voter, item.at, item.by) => {
            Some(text.clone())
        }
        HistoryKind::Note { .. } | HistoryKind::Visit { .. } | HistoryKind::Flag { .. } | HistoryKind::Added { .. } => {
            None
        }
    });
    html! {
        <>
            <bdi>{ by }</bdi>{ ", " }{ when::moment(item.at) }
            { for said.into_iter().chain(note).map(|part| html! { <>{ " · " }<bdi>{ part }</bdi></> }) }
        </>
    }
}

/// Links to change the answers and to phone, and a hint at conflicting answers.
fn foot(view: &VoterView, talk: &str, is_danger: bool) -> Html {
    let has_talked = view.state == PersonState::Tried(ResultCode::Canvassed) && !is_danger;
    let disputed =
        view.in_conflict.iter().filter_map(|question| view.words.get(question)).map(|words| words.title.clone());
    let disputed: Vec<String> = disputed.collect();
    // Who has gone is not to be called at the number of those who are left.
    let is_gone = matches!(view.state, PersonState::Gone(_));
    let phone = if is_gone { "" } else { view.voter.phone.as_str() };
    html! {
        <>
            { earlier_answers(view) }
            if !view.in_conflict.is_empty() { <p class="all"><span class="chip warn">{ t("person-in-conflict") }</span>{ " " }{ disputed.join(", ") }</p> }
            if has_talked || !phone.is_empty() {
                <div class="all row wrap">
                    if has_talked { <Go to={talk.to_owned()} class="btn" label={t_args("person-change", &[("name", view.voter.full_name().into())])}>
                        { icon("pencil") }<span>{ t("act-change") }</span></Go> }
                    if !phone.is_empty() && is_danger { <p>{ t_args("person-call-safe", &[("phone", phone.into())]) }</p> }
                    if !phone.is_empty() && !is_danger { <a class="btn link" href={format!("tel:{phone}")}
                        aria-label={t_args("person-call-at", &[("name", view.voter.full_name().into()), ("phone", phone.into())])}>{ icon("phone") }<span class="number">{ phone }</span></a> }
                </div>
            }
        </>
    }
}

/// Earlier answers that the latest talk does not show already, in the words that were on the screen then.
fn earlier_answers(view: &VoterView) -> Html {
    if view.words.is_empty() || view.state == PersonState::Tried(ResultCode::Canvassed) {
        return Html::default();
    }
    html! { <p class="all">{ for answers(view).into_iter().enumerate().map(|(place, answer)| html! {
        <>if place > 0 { { " · " } }<bdi>{ answer }</bdi></>
    }) }</p> }
}

/// The current answers, in the words that were on the screen when they were given.
fn answers(view: &VoterView) -> Vec<String> {
    let words = view.words.values().map(|words| {
        let title = if words.title.is_empty() { t("person-earlier-question").to_string() } else { words.title.clone() };
        format!("{title}: {}", words.label)
    });
    words.collect()
}
