//! Writing a note about a door or a voter.

use crate::hooks::use_form_action;
use crate::i18n::{t, t_args};
use crate::parts::{TextArea, Trouble};
use crate::state::notices::{say, use_notices};
use porchlight_model::calls::field::AddNote;
use porchlight_model::visit::{About, MAX_NOTE_CHARS};
use yew::prelude::*;

/// What [`NoteForm`] takes.
#[derive(Properties, PartialEq)]
pub(super) struct NoteFormProps {
    /// What it is about.
    pub(super) about: About,
    /// Done, or not wanted.
    pub(super) onclose: Callback<()>,
}

/// The form of a note.
#[component]
pub(super) fn NoteForm(props: &NoteFormProps) -> Html {
    let text = use_state(String::new);
    let is_empty = use_state(|| false);
    let action = use_form_action();
    let notices = use_notices();
    let onsubmit = {
        let (text, is_empty, action) = (text.clone(), is_empty.clone(), action.clone());
        let (about, onclose) = (props.about, props.onclose.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let written = text.trim().to_owned();
            is_empty.set(written.is_empty());
            if !written.is_empty() {
                let (notices, onclose) = (notices.clone(), onclose.clone());
                action.run(AddNote { about, text: written }, move |()| {
                    say(&notices, "done-note");
                    onclose.emit(());
                });
            }
        })
    };
    let oninput = {
        let text = text.clone();
        Callback::from(move |typed| text.set(typed))
    };
    html! {
        <form {onsubmit} novalidate=true>
            <TextArea id="note" label={t("note-label")} hint={t_args("note-hint", &[("max", MAX_NOTE_CHARS.into())])} value={(*text).clone()}
                {oninput} max_chars={MAX_NOTE_CHARS} has_focus=true error={is_empty.then(|| t("note-empty"))} />
            if let Some(error) = &action.failed { <Trouble error={error.clone()} is_inline=true /> }
            <button type="submit" class="btn main wide" disabled={action.is_busy}>{ t("note-save") }</button>
        </form>
    }
}
