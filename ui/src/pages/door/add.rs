//! Adds a person at a door who is not in the voter file.

use super::sheets::foot;
use crate::drafts::use_draft;
use crate::hooks::use_form_action;
use crate::i18n::t;
use crate::parts::{DraftRow, Sheet, TextField};
use crate::route::Route;
use crate::state::half_done::{KeptPerson, person_key};
use crate::state::notices::{say, use_notices};
use porchlight_model::calls::door::DoorView;
use porchlight_model::calls::draft::{Act, Finished};
use porchlight_model::calls::visit::AddPerson;
use porchlight_model::visit::{DoorState, MAX_NAME_CHARS};
use std::rc::Rc;
use yew::prelude::*;
use yew_router::prelude::use_navigator;

/// The props of [`AddPersonSheet`].
#[derive(Properties, PartialEq)]
pub(in crate::pages) struct AddPersonSheetProps {
    /// The door.
    pub(in crate::pages) view: Rc<DoorView>,
    /// Called when the sheet is finished or dismissed.
    pub(in crate::pages) onclose: Callback<()>,
}

/// The form for a person; the talk with them follows, unless the door is dangerous.
#[component]
pub(in crate::pages) fn AddPersonSheet(props: &AddPersonSheetProps) -> Html {
    let door = props.view.door.id;
    let drafted = use_draft::<KeptPerson>(person_key(door), Some(door));
    let is_nameless = use_state(|| false);
    let action = use_form_action();
    let notices = use_notices();
    let navigator = use_navigator();
    let is_known = drafted.value().is_some();
    let kept = drafted.value().unwrap_or_default();
    let is_touched = *kept != KeptPerson::default();
    let is_talk_next = props.view.state != DoorState::Danger;
    let save = {
        let (drafted, action, kept, is_nameless) = (drafted.clone(), action.clone(), kept.clone(), is_nameless.clone());
        let onclose = props.onclose.clone();
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let trimmed = |text: &String| text.trim().to_owned();
            let person =
                AddPerson { door, first: trimmed(&kept.first), last: trimmed(&kept.last), phone: trimmed(&kept.phone) };
            is_nameless.set(person.first.is_empty() && person.last.is_empty());
            if person.first.is_empty() && person.last.is_empty() {
                return;
            }
            let (notices, onclose, navigator) = (notices.clone(), onclose.clone(), navigator.clone());
            drafted.finish(&action, Act::Person(person), move |finished| {
                say(&notices, "done-added");
                match (finished, navigator) {
                    (Finished::Person(added), Some(navigator)) if is_talk_next => {
                        navigator.replace(&Route::Talk { door, voter: added.voter });
                    }
                    _ => {}
                }
                onclose.emit(());
            });
        })
    };
    let typed = |change: fn(&KeptPerson, String) -> KeptPerson| {
        let drafted = drafted.clone();
        Callback::from(move |text: String| drafted.change(|kept| change(kept, text)))
    };
    let error = action.failed.clone().or_else(|| drafted.failed());
    let foot = foot(
        error,
        html! {
            <button type="submit" form="add-person-form" class="btn main" id="add-save" disabled={action.is_busy || !is_known}>
                { t(if is_talk_next { "add-save-talk" } else { "add-save" }) }</button>
        },
    );
    html! {
        <Sheet title={t("add-title")} under={props.view.door.address()} onclose={props.onclose.clone()} {foot} rest={t("add-rest")}>
            if is_known {
            <form id="add-person-form" onsubmit={save} novalidate=true>
                <div class="two">
                    <TextField id="first" label={t("add-first")} value={kept.first.clone()} max_chars={MAX_NAME_CHARS}
                        oninput={typed(|kept, first| KeptPerson { first, ..kept.clone() })} error={is_nameless.then(|| t("add-nameless"))} />
                    <TextField id="last" label={t("add-last")} value={kept.last.clone()} max_chars={MAX_NAME_CHARS}
                        oninput={typed(|kept, last| KeptPerson { last, ..kept.clone() })} />
                </div>
                <TextField id="phone" label={t("add-phone")} hint={t("add-phone-hint")} value={kept.phone.clone()} kind="tel" max_chars=40
                    oninput={typed(|kept, phone| KeptPerson { phone, ..kept.clone() })} />
            </form>
            <DraftRow<KeptPerson> {is_touched} drafted={drafted.clone()} />
            }
        </Sheet>
    }
}
