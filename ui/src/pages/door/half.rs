//! The drafts at a door: a tap continues one, and a talk can be discarded.

use super::sheets::Open;
use super::short_name;
use crate::hooks::use_action;
use crate::i18n::{t, t_args};
use crate::parts::mark::paused;
use crate::parts::{Go, icon};
use crate::route::Route;
use crate::state::half_done::{self, HalfTalk};
use crate::when;
use porchlight_model::calls::door::DoorView;
use porchlight_model::calls::draft::{DiscardDraft, Draft, PutDraft};
use porchlight_model::time::At;
use std::rc::Rc;
use yew::prelude::*;
use yew_router::Routable;

/// The props of [`HalfDone`].
#[derive(Properties, PartialEq)]
pub(super) struct HalfDoneProps {
    /// The door.
    pub(super) view: Rc<DoorView>,
    /// The drafts at the door.
    pub(super) waiting: Rc<Vec<Draft>>,
    /// Which sheet is open.
    pub(super) open: UseStateHandle<Open>,
}

/// The list; nothing if there are no drafts.
#[component]
pub(super) fn HalfDone(props: &HalfDoneProps) -> Html {
    let HalfDoneProps { view, waiting, open } = props;
    let thrown_away = use_state(|| None::<Draft>);
    let action = use_action();
    let door = view.door.id;
    let fixed = [
        (half_done::note_key(door), "half-note", Open::Notes(None)),
        (half_done::person_key(door), "half-person", Open::AddPerson),
        (half_done::come_back_key(door), "half-come-back", Open::ComeBack(None)),
        (half_done::danger_key(door), "half-danger", Open::Danger),
    ];
    let fixed = fixed.into_iter().filter_map(|(key, words, what)| {
        let draft = waiting.iter().find(|draft| draft.key == key)?;
        Some((key, words, what, draft.at))
    });
    let edits = half_done::edits(door, waiting).into_iter();
    let edits = edits.map(|(note, at)| (half_done::edit_note_key(door, note), "half-edit", Open::EditNote(note), at));
    let forms = fixed.chain(edits).map(|(key, words, what, at)| {
        let open = open.clone();
        let onclick = Callback::from(move |_: MouseEvent| open.set(what.clone()));
        html! {
            <li key={key}><button type="button" class="li half-done" {onclick}>{ paused() }<span class="grow"><b>{ t(words) }</b>
                <small>{ left_at(at) }</small></span>{ icon("chevron-right") }</button></li>
        }
    });
    let throw_away = |talk: HalfTalk| {
        let (action, thrown_away) = (action.clone(), thrown_away.clone());
        let draft = waiting.iter().find(|draft| draft.key == half_done::talk_key(door, talk.voter)).cloned();
        Callback::from(move |_: MouseEvent| {
            if let Some(draft) = draft.clone() {
                let thrown_away = thrown_away.clone();
                action.run(DiscardDraft { key: draft.key.clone() }, move |()| thrown_away.set(Some(draft)));
            }
        })
    };
    let bring_back = {
        let (action, thrown_away) = (action.clone(), thrown_away.clone());
        Callback::from(move |_: MouseEvent| {
            if let Some(Draft { key, door, body, .. }) = (*thrown_away).clone() {
                let thrown_away = thrown_away.clone();
                action.run(PutDraft { key, door, body }, move |()| thrown_away.set(None));
            }
        })
    };
    let talks = half_done::talks(door, &view.voters, waiting).into_iter().map(|talk| {
        let name = short_name(view, talk.voter);
        let args = [("name", name.into())];
        let to = Route::Talk { door, voter: talk.voter }.to_path();
        html! {
            <li class="half-talk" key={talk.voter.to_string()}>
                <Go {to} class="li">{ paused() }<span class="grow"><b>{ t_args("half-talk", &args) }</b>
                    <small>{ left_at(talk.at) }</small></span>{ icon("chevron-right") }</Go>
                <button type="button" class="btn icon" disabled={action.is_busy} aria-label={t_args("half-talk-discard", &args)}
                    onclick={throw_away(talk)}>{ icon("trash-2") }</button>
            </li>
        }
    });
    let all: Vec<Html> = talks.chain(forms).collect();
    if all.is_empty() && thrown_away.is_none() {
        return Html::default();
    }
    html! {
        <section class="half">
            <h2 class="sub">{ t("half-title") }</h2>
            <ul class="list">{ for all }</ul>
            if thrown_away.is_some() {
                <p class="note-box" role="status"><span class="grow">{ t("half-talk-discarded") }</span>
                    <button type="button" class="btn bare" id="half-bring-back" onclick={bring_back}>{ t("undo") }</button></p>
            }
        </section>
    }
}

fn left_at(at: At) -> AttrValue {
    t_args("half-left", &[("when", when::moment(at).to_string().into())])
}
