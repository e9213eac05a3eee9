//! The history of a door, newest first, with the sync state of each record.

use crate::hooks::use_action;
use crate::i18n::{t, t_args};
use crate::layout::{use_identity, use_shape};
use crate::parts::mark::result_label;
use crate::parts::{Mark, apart, icon, wave_name};
use crate::state::notices::{say, use_notices};
use crate::state::sync::device;
use crate::when;
use porchlight_model::calls::door::{HistoryItem, HistoryKind, Safety};
use porchlight_model::calls::visit::Undo;
use porchlight_model::id::VisitId;
use porchlight_model::visit::{DoorState, Flag};
use yew::prelude::*;

/// The props of [`History`].
#[derive(Properties, PartialEq)]
pub struct HistoryProps {
    /// What happened.
    pub items: Vec<HistoryItem>,
}

/// The history, or that there is none.
#[component]
pub fn History(props: &HistoryProps) -> Html {
    let me = use_identity().map(|identity| identity.member);
    let where_held = t_args("history-here", &[("device", device(use_shape()).into())]);
    let action = use_action();
    let notices = use_notices();
    let undo = Callback::from(move |visit: VisitId| {
        let notices = notices.clone();
        action.run(Undo { visits: vec![visit] }, move |()| say(&notices, "taken-back"));
    });
    html! {
        <section class="history">
            <h2 class="sub">{ t("history-title") }</h2>
            if props.items.is_empty() {
                <p class="who pad">{ t("history-empty") }</p>
            } else {
                <ol class="list">
                    { for props.items.iter().map(|item| row(item, item.by == me.unwrap_or(item.by) && me.is_some(), &where_held, &undo)) }
                </ol>
            }
        </section>
    }
}

fn row(item: &HistoryItem, is_mine: bool, where_held: &AttrValue, undo: &Callback<VisitId>) -> Html {
    let (state, what, details) = words(item);
    let mut under = vec![when::moment(item.at).to_string()];
    under.push(if is_mine { t("history-you").to_string() } else { or_unknown(&item.by_name) });
    under.push(match item.safety {
        Safety::Here => where_held.to_string(),
        Safety::Relay => t("history-safe").to_string(),
        Safety::Seen => t("history-seen").to_string(),
    });
    under.extend(
        item.elsewhere.as_ref().map(|at| t_args("history-elsewhere", &[("address", at.as_str().into())]).to_string()),
    );
    under.extend(item.wave.as_ref().map(|name| wave_name(name).to_string()));
    let (retracted, taken_back) = match item.what {
        HistoryKind::Visit { is_retracted: true, .. } => (true, None),
        HistoryKind::Visit { visit, .. } => (false, is_mine.then_some(visit)),
        HistoryKind::Note { .. } | HistoryKind::Flag { .. } | HistoryKind::Added { .. } => (false, None),
    };
    html! {
        <li class={classes!("li", retracted.then_some("is-retracted"))}>
            { match &item.what {
                HistoryKind::Note { .. } => icon("sticky-note"),
                HistoryKind::Added { .. } => icon("user-plus"),
                HistoryKind::Visit { .. } | HistoryKind::Flag { .. } => html! { <Mark {state} is_silent=true /> },
            } }
            <div class="grow">
                <p class="li-title"><bdi>{ what }</bdi>
                    if !item.voter_name.is_empty() { { " · " }<bdi>{ &item.voter_name }</bdi> }
                    if retracted { { " " }<span class="chip">{ t("history-retracted") }</span> }
                </p>
                { for details.iter().map(|line| html! { <p class="who"><bdi>{ line }</bdi></p> }) }
                <p class="who">{ apart(under.iter().map(String::as_str)) }</p>
            </div>
            if let Some(visit) = taken_back {
                <button type="button" class="btn quiet" onclick={undo.reform(move |_: MouseEvent| visit)}>{ t("undo") }</button>
            }
        </li>
    }
}

fn words(item: &HistoryItem) -> (DoorState, AttrValue, Vec<String>) {
    match &item.what {
        HistoryKind::Visit { result, said, .. } => {
            let said = said.iter().map(|(question, answer)| format!("{question}: {answer}")).collect();
            (DoorState::of_result(*result), t(result_label(*result)), said)
        }
        HistoryKind::Note { text, .. } => (DoorState::Todo, t("history-note"), vec![text.clone()]),
        HistoryKind::Flag { flag, is_set } => {
            let words = match (flag, is_set) {
                (Flag::DoNotContact, true) => "flag-do-not-contact",
                (Flag::DoNotContact, false) => "history-contact-again",
                (Flag::Danger, true) => "flag-danger",
                (Flag::Danger, false) => "history-no-danger",
                (Flag::Unknown(_), _) => "result-newer",
            };
            let flags: &[Flag] = if *is_set { &[*flag] } else { &[] };
            (DoorState::of(&[], &[], flags), t(words), Vec::new())
        }
        HistoryKind::Added { name } => {
            (DoorState::Todo, t_args("history-added", &[("name", name.as_str().into())]), Vec::new())
        }
    }
}

fn or_unknown(name: &str) -> String {
    if name.is_empty() { t("history-someone").to_string() } else { name.to_owned() }
}
