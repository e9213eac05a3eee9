//! Notes about a door and who lives there: to read, to write, and one's own to change and remove.

use super::sheets::ForWhom;
use crate::drafts::{Drafted, use_draft};
use crate::hooks::{use_action, use_form_action};
use crate::i18n::{t, t_args};
use crate::layout::use_identity;
use crate::parts::{Sheet, TextArea, Trouble, icon};
use crate::state::half_done::{KeptNote, note_key};
use crate::state::notices::{say, use_notices};
use crate::when;
use porchlight_model::calls::draft::Act;
use porchlight_model::calls::field::{AddNote, DoorView, EditNote, HistoryItem, HistoryKind};
use porchlight_model::id::{NoteId, VoterId};
use porchlight_model::visit::{About, MAX_NOTE_CHARS};
use std::rc::Rc;
use yew::prelude::*;

/// What is noted most, to be put in with one tap.
const QUICK: [&str; 4] = ["note-quick-bell", "note-quick-stairs", "note-quick-dog", "note-quick-sign"];

/// What [`NotesSheet`] takes.
#[derive(Properties, PartialEq)]
pub(super) struct NotesSheetProps {
    /// The door.
    pub(super) view: Rc<DoorView>,
    /// About whom it was opened; the door where there is none.
    pub(super) voter: Option<VoterId>,
    /// Done, or not wanted.
    pub(super) onclose: Callback<()>,
}

/// The sheet.
#[component]
pub(super) fn NotesSheet(props: &NotesSheetProps) -> Html {
    let view = &props.view;
    let drafted = use_draft::<KeptNote>(note_key(view.door.id), Some(view.door.id));
    let chosen_for = use_state(|| None::<Option<VoterId>>);
    let is_empty = use_state(|| false);
    let action = use_form_action();
    let notices = use_notices();
    let kept = drafted.value().unwrap_or_default();
    let is_touched = *kept != KeptNote::default();
    let voter = (*chosen_for).unwrap_or(if is_touched { kept.voter } else { props.voter });
    let choose_for = {
        let drafted = drafted.clone();
        Callback::from(move |voter: Option<VoterId>| {
            chosen_for.set(Some(voter));
            if is_touched {
                drafted.change(|kept| KeptNote { voter, ..kept.clone() });
            }
        })
    };
    let write = {
        let drafted = drafted.clone();
        Callback::from(move |text: String| drafted.change(|kept| whole(KeptNote { voter, text, ..kept.clone() })))
    };
    let save = {
        let (drafted, action, onclose, door) = (drafted.clone(), action.clone(), props.onclose.clone(), view.door.id);
        let (kept, is_empty) = (kept.clone(), is_empty.clone());
        Callback::from(move |_: MouseEvent| {
            let text = kept.text.trim().to_owned();
            is_empty.set(text.is_empty());
            if !text.is_empty() {
                let about = voter.map_or(About::Door(door), About::Voter);
                let act = match kept.instead_of {
                    Some(note) => Act::Rewrite(EditNote { note, text }),
                    None => Act::Note(AddNote { about, text }),
                };
                let (notices, onclose) = (notices.clone(), onclose.clone());
                drafted.finish(&action, act, move |_| {
                    say(&notices, "done-note");
                    onclose.emit(());
                });
            }
        })
    };
    let quick = |id: &'static str| {
        let (drafted, words) = (drafted.clone(), t(id).to_string());
        Callback::from(move |_: MouseEvent| {
            let words = words.clone();
            drafted.change(|kept| KeptNote { voter, text: joined(&kept.text, &words), ..kept.clone() });
        })
    };
    let foot = html! {
        <>
            if let Some(error) = action.failed.clone().or_else(|| drafted.failed()) { <Trouble {error} is_inline=true /> }
            <div class={classes!("acts", (!is_touched).then_some("one"))}>
                if is_touched { <button type="button" class="btn" id="discard" onclick={let drafted = drafted.clone(); move |_| drafted.discard()}>{ t("discard") }</button> }
                <button type="button" class="btn main" id="note-save" disabled={action.is_busy} onclick={save}>{ t("note-save") }</button>
            </div>
        </>
    };
    let label = t(if kept.instead_of.is_some() { "note-change" } else { "note-new" });
    html! {
        <Sheet title={t("notes-title")} under={view.door.address()} onclose={props.onclose.clone()} {foot}>
            <Notes view={view.clone()} drafted={drafted.clone()} />
            if !view.voters.is_empty() && kept.instead_of.is_none() {
                <ForWhom view={view.clone()} {voter} onchoose={choose_for} />
            }
            <div class="chips flow">
                { for QUICK.map(|id| html! { <button type="button" class="btn" onclick={quick(id)}>{ t(id) }</button> }) }
            </div>
            <TextArea id="note" {label} hint={t_args("note-hint", &[("max", MAX_NOTE_CHARS.into())])} value={kept.text.clone()} oninput={write}
                max_chars={MAX_NOTE_CHARS} rows=3 error={is_empty.then(|| t("note-empty"))} />
            if drafted.has_discarded() { <button type="button" class="btn bare" id="bring-back" onclick={move |_| drafted.bring_back()}>{ t("discard-undo") }</button> }
        </Sheet>
    }
}

/// Without text it is no draft, whoever was chosen, unless another note is being changed.
fn whole(kept: KeptNote) -> KeptNote {
    if kept.text.is_empty() && kept.instead_of.is_none() { KeptNote::default() } else { kept }
}

fn joined(text: &str, words: &str) -> String {
    if text.trim().is_empty() { words.to_owned() } else { format!("{}, {words}", text.trim_end()) }
}

/// What [`Notes`] takes.
#[derive(Properties, PartialEq)]
struct NotesProps {
    view: Rc<DoorView>,
    drafted: Drafted<KeptNote>,
}

/// The notes that are there; a removed one can be put back while the sheet is open.
#[component]
fn Notes(props: &NotesProps) -> Html {
    let me = use_identity().map(|identity| identity.member);
    let action = use_action();
    let removed = use_state(|| None::<AddNote>);
    let door = props.view.door.id;
    let remove = |item: &HistoryItem, note: NoteId, text: &str| {
        let (action, removed) = (action.clone(), removed.clone());
        let again = AddNote { about: item.voter.map_or(About::Door(door), About::Voter), text: text.to_owned() };
        Callback::from(move |_: MouseEvent| {
            let (removed, again) = (removed.clone(), again.clone());
            action.run(EditNote { note, text: String::new() }, move |()| removed.set(Some(again)));
        })
    };
    let change = |item: &HistoryItem, note: NoteId, text: &str| {
        let (drafted, text, voter) = (props.drafted.clone(), text.to_owned(), item.voter);
        Callback::from(move |_: MouseEvent| {
            drafted.set(KeptNote { voter, instead_of: Some(note), text: text.clone() });
        })
    };
    let put_back = {
        let (action, removed) = (action.clone(), removed.clone());
        Callback::from(move |_: MouseEvent| {
            if let Some(note) = (*removed).clone() {
                let removed = removed.clone();
                action.run(note, move |()| removed.set(None));
            }
        })
    };
    let rows = props.view.history.iter().filter_map(|item| {
        let HistoryKind::Note { note, text } = &item.what else { return None };
        let is_mine = Some(item.by) == me;
        let by = if is_mine { t("history-you").to_string() } else { item.by_name.clone() };
        let under = [item.voter_name.clone(), by, when::moment(item.at).to_string()].into_iter().filter(|part| !part.is_empty());
        Some(html! {
            <li key={note.to_string()}><div class="li">{ icon("sticky-note") }
                <span class="grow">{ "“" }<bdi>{ text }</bdi>{ "”" }<small>{ under.collect::<Vec<_>>().join(" · ") }</small></span>
                if is_mine {
                    <button type="button" class="btn icon" aria-label={t("note-change")} onclick={change(item, *note, text)}>{ icon("pencil") }</button>
                    <button type="button" class="btn icon" aria-label={t("note-remove")} disabled={action.is_busy} onclick={remove(item, *note, text)}>{ icon("trash-2") }</button>
                }
            </div></li>
        })
    });
    let rows: Vec<Html> = rows.collect();
    html! {
        <>
            if !rows.is_empty() { <ul class="choices">{ for rows }</ul> }
            if removed.is_some() {
                <p class="note-box">{ t("note-removed") }{ " " }<button type="button" class="btn bare" id="note-put-back" onclick={put_back}>{ t("undo") }</button></p>
            }
        </>
    }
}
