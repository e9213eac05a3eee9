//! Notes about a door and its residents: reading and writing them, and editing or removing one's own.

use super::sheets::{ForWhom, Open, begun_for, foot};
use crate::drafts::use_draft;
use crate::hooks::{use_action, use_form_action};
use crate::i18n::{t, t_args};
use crate::layout::use_identity;
use crate::parts::{DraftRow, Sheet, TextArea, icon};
use crate::state::half_done::{KeptNote, edit_note_key, note_key};
use crate::state::notices::{say, use_notices};
use crate::when;
use porchlight_model::calls::door::{DoorView, HistoryItem, HistoryKind};
use porchlight_model::calls::draft::Act;
use porchlight_model::calls::visit::{AddNote, EditNote};
use porchlight_model::id::{NoteId, VoterId};
use porchlight_model::visit::{About, MAX_NOTE_CHARS};
use std::rc::Rc;
use yew::prelude::*;

/// The most frequent notes, inserted with one tap.
const QUICK: [&str; 4] = ["note-quick-bell", "note-quick-stairs", "note-quick-dog", "note-quick-sign"];

/// The props of [`NotesSheet`].
#[derive(Properties, PartialEq)]
pub(super) struct NotesSheetProps {
    /// The door.
    pub(super) view: Rc<DoorView>,
    /// About whom it was opened; `None` for the door.
    pub(super) voter: Option<VoterId>,
    /// The note that is being changed.
    #[prop_or_default]
    pub(super) changed: Option<NoteId>,
    /// Opens another sheet.
    pub(super) to: Callback<Open>,
    /// Called when the sheet is finished or dismissed.
    pub(super) onclose: Callback<()>,
}

/// The sheet.
#[component]
pub(super) fn NotesSheet(props: &NotesSheetProps) -> Html {
    let view = &props.view;
    let changed = props.changed;
    let key = changed.map_or_else(|| note_key(view.door.id), |note| edit_note_key(view.door.id, note));
    let drafted = use_draft::<KeptNote>(key, Some(view.door.id));
    let chosen_for = use_state(|| None::<Option<VoterId>>);
    let is_empty = use_state(|| false);
    let action = use_form_action();
    let notices = use_notices();
    let is_known = drafted.value().is_some();
    let kept = drafted.value().unwrap_or_default();
    let is_touched = *kept != KeptNote::default();
    // The person for whom it was opened comes first, then the person for whom the draft was begun.
    let voter = (*chosen_for).unwrap_or_else(|| props.voter.or(if is_touched { kept.voter } else { None }));
    // Editing a note begins with its text.
    let text = if is_touched { kept.text.clone() } else { words_of(view, changed) };
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
        Callback::from(move |text: String| drafted.change(|_| whole(KeptNote { voter, instead_of: changed, text })))
    };
    let save = {
        let (drafted, action, onclose, door) = (drafted.clone(), action.clone(), props.onclose.clone(), view.door.id);
        let (text, is_empty) = (text.clone(), is_empty.clone());
        Callback::from(move |_: MouseEvent| {
            let text = text.trim().to_owned();
            is_empty.set(text.is_empty());
            if !text.is_empty() {
                let about = voter.map_or(About::Door(door), About::Voter);
                let act = match changed {
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
        let (drafted, words) = (drafted.clone(), joined(&text, t(id).as_str()));
        Callback::from(move |_: MouseEvent| {
            drafted.set(KeptNote { voter, instead_of: changed, text: words.clone() });
        })
    };
    let error = action.failed.clone().or_else(|| drafted.failed());
    let foot = foot(
        error,
        html! {
            <button type="button" class="btn main" id="note-save" disabled={action.is_busy || !is_known} onclick={save}>{ t("note-save") }</button>
        },
    );
    let label = t(if changed.is_some() { "note-change" } else { "note-new" });
    html! {
        <Sheet title={t("notes-title")} under={view.door.address()} onclose={props.onclose.clone()} {foot} rest={t("sheet-rest-kept")}>
            if is_known {
            <Notes view={view.clone()} {changed} to={props.to.clone()} />
            if !view.voters.is_empty() && changed.is_none() {
                <ForWhom view={view.clone()} {voter} onchoose={choose_for} />
            }
            if is_touched && changed.is_none() { { begun_for(view, kept.voter, voter) } }
            <div class="chips flow">
                { for QUICK.map(|id| html! { <button type="button" class="btn" onclick={quick(id)}>{ t(id) }</button> }) }
            </div>
            <TextArea id="note" {label} hint={t_args("note-hint", &[("max", MAX_NOTE_CHARS.into())])} value={text} oninput={write}
                max_chars={MAX_NOTE_CHARS} rows=3 error={is_empty.then(|| t("note-empty"))} />
            <DraftRow<KeptNote> {is_touched} drafted={drafted.clone()} />
            }
        </Sheet>
    }
}

/// The text of a note.
fn words_of(view: &DoorView, note: Option<NoteId>) -> String {
    let words = view.history.iter().find_map(|item| match &item.what {
        HistoryKind::Note { note: of, text } if Some(*of) == note => Some(text.clone()),
        HistoryKind::Note { .. } | HistoryKind::Visit { .. } | HistoryKind::Flag { .. } | HistoryKind::Added { .. } => {
            None
        }
    });
    words.unwrap_or_default()
}

/// Without text it is not a draft, whoever was chosen, unless a note is being edited.
fn whole(kept: KeptNote) -> KeptNote {
    if kept.text.is_empty() && kept.instead_of.is_none() { KeptNote::default() } else { kept }
}

fn joined(text: &str, words: &str) -> String {
    if text.trim().is_empty() { words.to_owned() } else { format!("{}, {words}", text.trim_end()) }
}

/// The props of [`Notes`].
#[derive(Properties, PartialEq)]
struct NotesProps {
    view: Rc<DoorView>,
    /// The note that is being changed.
    changed: Option<NoteId>,
    to: Callback<Open>,
}

/// The existing notes; a removed one can be restored while the sheet is open.
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
    let change = |note: NoteId| props.to.reform(move |_: MouseEvent| Open::EditNote(note));
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
        let is_changing = props.changed == Some(*note);
        let of = [("text", text.as_str().into())];
        Some(html! {
            <li key={note.to_string()}><div class="li">{ icon("sticky-note") }
                <span class="grow">{ "“" }<bdi>{ text }</bdi>{ "”" }<small>
                    if !item.voter_name.is_empty() { <bdi>{ &item.voter_name }</bdi>{ " · " } }<bdi>{ by }</bdi>{ " · " }{ when::moment(item.at) }</small></span>
                if is_mine && !is_changing {
                    <button type="button" class="btn icon" aria-label={t_args("note-change-of", &of)} onclick={change(*note)}>{ icon("pencil") }</button>
                    <button type="button" class="btn icon" aria-label={t_args("note-remove-of", &of)} disabled={action.is_busy} onclick={remove(item, *note, text)}>{ icon("trash-2") }</button>
                }
            </div></li>
        })
    });
    let rows: Vec<Html> = rows.collect();
    html! {
        <>
            if !rows.is_empty() { <ul class="choices">{ for rows }</ul> }
            if props.changed.is_some() {
                <button type="button" class="btn bare left" id="note-new" onclick={props.to.reform(|_: MouseEvent| Open::Notes(None))}>
                    { icon("sticky-note") }<span>{ t("note-new-instead") }</span></button>
            }
            if removed.is_some() {
                <p class="note-box">{ t("note-removed") }{ " " }<button type="button" class="btn bare" id="note-put-back" onclick={put_back}>{ t("undo") }</button></p>
            }
        </>
    }
}
