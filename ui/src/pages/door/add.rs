//! Adding a person met at a door who is not on the file.

use crate::hooks::use_form_action;
use crate::i18n::t;
use crate::parts::{TextField, Trouble};
use crate::state::notices::{say, use_notices};
use porchlight_model::calls::field::AddPerson;
use porchlight_model::id::DoorId;
use porchlight_model::visit::MAX_NAME_CHARS;
use yew::prelude::*;

/// What [`AddPersonForm`] takes.
#[derive(Properties, PartialEq)]
pub(super) struct AddPersonFormProps {
    /// The door.
    pub(super) door: DoorId,
    /// Done, or not wanted.
    pub(super) onclose: Callback<()>,
}

/// The form of a person.
#[component]
pub(super) fn AddPersonForm(props: &AddPersonFormProps) -> Html {
    let (first, last, phone) = (use_state(String::new), use_state(String::new), use_state(String::new));
    let is_nameless = use_state(|| false);
    let action = use_form_action();
    let notices = use_notices();
    let onsubmit = {
        let (first, last, phone) = (first.clone(), last.clone(), phone.clone());
        let (is_nameless, action, door, onclose) =
            (is_nameless.clone(), action.clone(), props.door, props.onclose.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let trimmed = |text: &UseStateHandle<String>| text.trim().to_owned();
            let person = AddPerson { door, first: trimmed(&first), last: trimmed(&last), phone: trimmed(&phone) };
            is_nameless.set(person.first.is_empty() && person.last.is_empty());
            if !person.first.is_empty() || !person.last.is_empty() {
                let (notices, onclose) = (notices.clone(), onclose.clone());
                action.run(person, move |_| {
                    say(&notices, "done-added");
                    onclose.emit(());
                });
            }
        })
    };
    let typed = |state: &UseStateHandle<String>| {
        let state = state.clone();
        Callback::from(move |text| state.set(text))
    };
    html! {
        <form {onsubmit} novalidate=true>
            <TextField id="first" label={t("add-first")} value={(*first).clone()} oninput={typed(&first)} max_chars={MAX_NAME_CHARS} has_focus=true
                error={is_nameless.then(|| t("add-nameless"))} />
            <TextField id="last" label={t("add-last")} value={(*last).clone()} oninput={typed(&last)} max_chars={MAX_NAME_CHARS} />
            <TextField id="phone" label={t("add-phone")} hint={t("add-phone-hint")} value={(*phone).clone()} oninput={typed(&phone)} kind="tel" max_chars=40 />
            if let Some(error) = &action.failed { <Trouble error={error.clone()} is_inline=true /> }
            <button type="submit" class="btn main wide" disabled={action.is_busy}>{ t("add-save") }</button>
        </form>
    }
}
