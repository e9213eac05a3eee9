//! Reports a danger at a door, in a few words that all later canvassers will read.

use super::sheets::foot;
use crate::drafts::use_draft;
use crate::hooks::use_form_action;
use crate::i18n::t;
use crate::parts::{DraftRow, Sheet, TextArea, icon};
use crate::state::half_done::{KeptDanger, danger_key};
use crate::state::notices::{Notice, Undoing, use_notices};
use porchlight_model::calls::door::DoorView;
use porchlight_model::calls::draft::Act;
use porchlight_model::calls::visit::{ReportDanger, SetFlag};
use porchlight_model::visit::{About, Flag, MAX_NOTE_CHARS};
use std::rc::Rc;
use yew::prelude::*;

/// The most frequent dangers.
const KINDS: [&str; 4] = ["danger-dog", "danger-threats", "danger-steps", "danger-other"];

/// The props of [`DangerSheet`].
#[derive(Properties, PartialEq)]
pub(super) struct DangerSheetProps {
    /// The door.
    pub(super) view: Rc<DoorView>,
    /// Called when the sheet is finished or dismissed.
    pub(super) onclose: Callback<()>,
}

/// The sheet.
#[component]
pub(super) fn DangerSheet(props: &DangerSheetProps) -> Html {
    let view = &props.view;
    let drafted = use_draft::<KeptDanger>(danger_key(view.door.id), Some(view.door.id));
    let action = use_form_action();
    let notices = use_notices();
    let is_known = drafted.value().is_some();
    let kept = drafted.value().unwrap_or_default();
    let is_touched = *kept != KeptDanger::default();
    let is_empty = use_state(|| false);
    let choose = |kind: AttrValue| {
        let drafted = drafted.clone();
        Callback::from(move |_: MouseEvent| {
            drafted.change(|kept| KeptDanger { kind: kind.to_string(), ..kept.clone() });
        })
    };
    let oninput = {
        let drafted = drafted.clone();
        Callback::from(move |words: String| drafted.change(|kept| KeptDanger { words, ..kept.clone() }))
    };
    let save = {
        let (drafted, action, onclose, about) =
            (drafted.clone(), action.clone(), props.onclose.clone(), About::Door(view.door.id));
        let (reason, is_empty) = (reason_of(&kept), is_empty.clone());
        Callback::from(move |_: MouseEvent| {
            is_empty.set(reason.is_empty());
            if reason.is_empty() {
                return;
            }
            let (notices, onclose) = (notices.clone(), onclose.clone());
            drafted.finish(&action, Act::Danger(ReportDanger { about, reason: reason.clone() }), move |_| {
                let back = SetFlag { about, flag: Flag::Danger, is_set: false };
                notices.dispatch(Notice::Done { text: t("done-danger"), undo: Some(Undoing::Flag(back)) });
                onclose.emit(());
            });
        })
    };
    let error = action.failed.clone().or_else(|| drafted.failed());
    let foot = foot(
        error,
        html! {
            <button type="button" class="btn ink" id="danger-save" disabled={action.is_busy || !is_known} onclick={save}>{ t("danger-save") }</button>
        },
    );
    html! {
        <Sheet title={t("danger-what")} under={view.door.address()} onclose={props.onclose.clone()} {foot} rest={t("sheet-rest-kept")}>
            if is_known {
            <div class="two" role="radiogroup" aria-label={t("danger-what")}>
                { for KINDS.map(|id| {
                    let words = t(id);
                    let is_on = kept.kind == words.as_str();
                    html! {
                        <button type="button" role="radio" aria-checked={is_on.to_string()} class={classes!("btn", "opt", is_on.then_some("on"))}
                            onclick={choose(words.clone())}><span>{ words }</span></button>
                    }
                }) }
            </div>
            <TextArea id="danger-words" label={t("danger-words")} hint={t("danger-hint")} value={kept.words.clone()} {oninput}
                max_chars={MAX_NOTE_CHARS - 100} rows=2 error={(*is_empty && reason_of(&kept).is_empty()).then(|| t("danger-choose"))} />
            <p class="note-box warn">{ icon("triangle-alert") }<span>{ t("danger-shown") }</span></p>
            <DraftRow<KeptDanger> {is_touched} drafted={drafted.clone()} />
            }
        </Sheet>
    }
}

/// `Loose dog. Gate open, bites.`
fn reason_of(kept: &KeptDanger) -> String {
    let kind = if kept.kind == t("danger-other").as_str() { "" } else { kept.kind.as_str() };
    let parts = [kind, kept.words.trim()].into_iter().filter(|part| !part.is_empty());
    parts.collect::<Vec<_>>().join(". ")
}
