//! One person's record beside the list: what happened, what is known, who else lives there.

use super::words::{mark_label, or_none, party};
use crate::hooks::use_call;
use crate::i18n::{t, t_args};
use crate::pages::History;
use crate::parts::{Go, apart, draw, icon};
use crate::route::OfficeRoute;
use porchlight_model::calls::office::{HistoryView, VoterHistory};
use porchlight_model::id::VoterId;
use porchlight_model::universe::Mark;
use porchlight_model::visit::{Flag, Gone, PersonState};
use yew::prelude::*;
use yew_router::Routable;

/// What the panel shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tab {
    Timeline,
    Details,
    Household,
}

/// The props of [`Record`].
#[derive(Properties, PartialEq)]
pub(super) struct RecordProps {
    /// Who.
    pub(super) voter: VoterId,
    /// Narrows the list to those who live near a place.
    pub(super) onnear: Callback<porchlight_model::place::LonLat>,
}

/// The record.
#[component]
pub(super) fn Record(props: &RecordProps) -> Html {
    let record = use_call(VoterHistory { voter: props.voter });
    let tab = use_state(|| Tab::Timeline);
    html! { { draw(&record, |view| {
        let voter = &view.voter.voter;
        let age = voter.age.map(|age| age.to_string()).unwrap_or_default();
        let precinct = if view.door.precinct.is_empty() { AttrValue::default() } else { t_args("voters-precinct", &[("n", view.door.precinct.as_str().into())]) };
        html! {
            <>
                <section class="stack">
                    <div class="row"><h2 class="addr grow"><bdi>{ voter.full_name() }</bdi></h2><Go to={OfficeRoute::Voters.to_path()} class="btn icon quiet" label={t("voters-close")}>{ icon("x") }</Go></div>
                    <p class="who">{ apart([age.as_str(), &view.door.address(), precinct.as_str(), &view.turf]) }</p>
                    <p class="chips-line"><span class="chip"><bdi>{ party(&voter.party) }</bdi></span>{ for marks(view).into_iter().map(|mark| html! { <span class="chip">{ t(mark_label(mark)) }</span> }) }</p>
                </section>
                <div class="tabs-line" role="tablist" aria-label={t("voters-record")}>
                    { for [(Tab::Timeline, t("voters-timeline")), (Tab::Details, t("voters-details")), (Tab::Household, t_args("voters-household", &[("n", (view.household.len() + 1).into())]))].map(|(one, label)| {
                        let tab = tab.clone();
                        let is_on = *tab == one;
                        let onclick = Callback::from(move |_: MouseEvent| tab.set(one));
                        html! { <button type="button" role="tab" aria-selected={is_on.to_string()} class={is_on.then_some("on")} {onclick}>{ label }</button> }
                    }) }
                </div>
                { match *tab {
                    Tab::Timeline => html! { <div role="tabpanel">{ answers(view) }<History items={view.history.clone()} /></div> },
                    Tab::Details => details(view, &props.onnear),
                    Tab::Household => household(view),
                } }
            </>
        }
    }) } }
}

/// The marks of a person, as the record tells them.
fn marks(view: &HistoryView) -> Vec<Mark> {
    let mut marks: Vec<Mark> = view
        .voter
        .flags
        .iter()
        .filter_map(|flag| match flag {
            Flag::DoNotContact => Some(Mark::DoNotContact),
            Flag::Danger => Some(Mark::Danger),
            Flag::Unknown(_) => None,
        })
        .collect();
    match view.voter.state {
        PersonState::Gone(Gone::Moved) => marks.push(Mark::Moved),
        PersonState::Gone(Gone::Deceased) => marks.push(Mark::Deceased),
        PersonState::ToMeet | PersonState::Tried(_) | PersonState::DoNotContact => {}
    }
    if view.voter.is_added {
        marks.push(Mark::Added);
    }
    marks
}

fn answers(view: &HistoryView) -> Html {
    let answers = view.voter.words.iter().map(|(question, words)| {
        let is_disputed = view.voter.in_conflict.contains(question);
        html! { <div><dt><bdi>{ &words.title }</bdi></dt><dd><bdi>{ &words.label }</bdi>if is_disputed { { " " }<span class="chip">{ t("voters-disputed") }</span> }</dd></div> }
    });
    html! { if !view.voter.words.is_empty() { <dl class="kv">{ for answers }</dl> } }
}

fn details(view: &HistoryView, onnear: &Callback<porchlight_model::place::LonLat>) -> Html {
    let (voter, door) = (&view.voter.voter, &view.door);
    let rows = [
        ("voters-col-address", door.address()),
        ("filter-town", apart_text(&door.city, &door.zip)),
        ("filter-precinct", door.precinct.clone()),
        ("filter-in-turf", view.turf.clone()),
        ("filter-age", voter.age.map(|age| age.to_string()).unwrap_or_default()),
        ("filter-party", voter.party.clone()),
        ("filter-phone", voter.phone.clone()),
        ("voters-id", voter.source_id.clone()),
    ];
    let near = door.at.map(|at| onnear.reform(move |_: MouseEvent| at));
    html! {
        <div role="tabpanel" class="stack">
            <dl class="kv">{ for rows.into_iter().map(|(label, value)| html! { <div><dt>{ t(label) }</dt><dd><bdi>{ or_none(&value) }</bdi></dd></div> }) }</dl>
            if let Some(near) = near { <button type="button" class="btn" id="only-near" onclick={near}>{ t("voters-only-near") }</button> }
        </div>
    }
}

fn apart_text(city: &str, zip: &str) -> String {
    [city, zip].into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

fn household(view: &HistoryView) -> Html {
    html! {
        <div role="tabpanel">
            if view.household.is_empty() { <p class="who">{ t("voters-alone") }</p> }
            <ul class="list">{ for view.household.iter().map(|other| {
                let age = other.age.map(|age| age.to_string()).unwrap_or_default();
                html! { <li><Go to={OfficeRoute::Voter { voter: other.voter }.to_path()} class="li"><span class="grow"><span class="li-title"><bdi>{ &other.name }</bdi></span>
                    <span class="who">{ apart([age.as_str(), party(&other.party).as_str()]) }</span></span>{ icon("chevron-right") }</Go></li> }
            }) }</ul>
        </div>
    }
}
