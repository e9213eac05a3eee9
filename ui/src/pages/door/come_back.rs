//! When to come back: a time, and the words of the person who asked for it.

use super::back_of;
use super::sheets::{ForWhom, begun_for, foot};
use crate::clock;
use crate::drafts::use_draft;
use crate::hooks::use_form_action;
use crate::i18n::{t, t_args};
use crate::pages::act::visit;
use crate::parts::{DraftRow, Sheet, TextField};
use crate::state::half_done::{KeptComeBack, come_back_key};
use crate::state::notices::{Notice, Undoing, use_notices};
use crate::when;
use porchlight_model::calls::door::DoorView;
use porchlight_model::calls::draft::{Act, Finished};
use porchlight_model::calls::visit::RecordVisit;
use porchlight_model::id::VoterId;
use porchlight_model::time::At;
use porchlight_model::visit::{MAX_NOTE_CHARS, ResultCode};
use std::rc::Rc;
use yew::prelude::*;
use yew_router::prelude::use_navigator;

const MINUTE_MS: i64 = 60_000;
const HOUR_MS: i64 = 60 * MINUTE_MS;

/// The props of [`ComeBackSheet`].
#[derive(Properties, PartialEq)]
pub(super) struct ComeBackSheetProps {
    /// The door.
    pub(super) view: Rc<DoorView>,
    /// For whom it was opened; `None` for the whole door.
    pub(super) voter: Option<VoterId>,
    /// Called when the sheet is finished or dismissed.
    pub(super) onclose: Callback<()>,
}

/// The sheet.
#[component]
pub(super) fn ComeBackSheet(props: &ComeBackSheetProps) -> Html {
    let view = &props.view;
    let drafted = use_draft::<KeptComeBack>(come_back_key(view.door.id), Some(view.door.id));
    let chosen_for = use_state(|| None::<Option<VoterId>>);
    let is_empty = use_state(|| false);
    // As it was when the sheet was opened: at the full hour no choice becomes another one under the thumb.
    let offered = use_memo((), |()| choices(clock::now()));
    let action = use_form_action();
    let notices = use_notices();
    let navigator = use_navigator();
    let is_known = drafted.value().is_some();
    let kept = drafted.value().unwrap_or_default();
    let is_touched = *kept != KeptComeBack::default();
    // The person for whom it was opened comes first, then the person for whom the draft was begun.
    let voter = (*chosen_for).unwrap_or_else(|| props.voter.or(if is_touched { kept.voter } else { None }));
    let choose_for = {
        let drafted = drafted.clone();
        Callback::from(move |voter: Option<VoterId>| {
            chosen_for.set(Some(voter));
            if is_touched {
                drafted.change(|kept| KeptComeBack { voter, ..kept.clone() });
            }
        })
    };
    let change = |change: fn(&KeptComeBack, String) -> KeptComeBack| {
        let drafted = drafted.clone();
        Callback::from(move |text: String| {
            drafted.change(|kept| whole(KeptComeBack { voter, ..change(kept, text) }));
        })
    };
    let choose = change(|kept, when| KeptComeBack { when, at: String::new(), ..kept.clone() });
    let set_time = change(|kept, at| KeptComeBack { at, when: String::new(), ..kept.clone() });
    let say = change(|kept, words| KeptComeBack { words, ..kept.clone() });
    let when = when_of(&kept);
    let save = {
        let (drafted, action, view, onclose) = (drafted.clone(), action.clone(), view.clone(), props.onclose.clone());
        let note = [when.clone(), kept.words.trim().to_owned()].into_iter().filter(|part| !part.is_empty());
        let note = note.collect::<Vec<_>>().join(". ");
        let is_empty = is_empty.clone();
        Callback::from(move |_: MouseEvent| {
            is_empty.set(note.is_empty());
            if note.is_empty() {
                return;
            }
            let record = RecordVisit { note: note.clone(), ..visit(vec![view.door.id], voter, ResultCode::ComeBack) };
            let (notices, navigator, onclose, back) =
                (notices.clone(), navigator.clone(), onclose.clone(), back_of(&view));
            drafted.finish(&action, Act::Visit(record), move |finished| {
                if let Finished::Visit(receipt) = finished {
                    let undo = Some(Undoing::Visits(receipt.visits));
                    notices.dispatch(Notice::Done { text: t("done-come-back"), undo });
                }
                match (voter, navigator) {
                    (None, Some(navigator)) => navigator.replace(&back),
                    _ => onclose.emit(()),
                }
            });
        })
    };
    let words =
        if when.is_empty() { t("come-back-save") } else { t_args("come-back-save-when", &[("when", when.into())]) };
    let error = action.failed.clone().or_else(|| drafted.failed());
    let foot = foot(
        error,
        html! {
            <button type="button" class="btn main" id="come-back-save" disabled={action.is_busy || !is_known} onclick={save}>{ words }</button>
        },
    );
    let under = format!(
        "{} · {}",
        view.door.address(),
        t_args("come-back-now", &[("now", when::time(clock::now()).to_string().into())])
    );
    html! {
        <Sheet title={t("come-back-when")} {under} onclose={props.onclose.clone()} {foot} rest={t("sheet-rest-kept")}>
            if is_known {
            if view.voters.len() > 1 { <ForWhom view={view.clone()} {voter} onchoose={choose_for} /> }
            if is_touched { { begun_for(view, kept.voter, voter) } }
            <div class="two" role="radiogroup" aria-label={t("come-back-when")}>
                { for offered.iter().cloned().map(|(label, small, value)| {
                    let is_on = kept.when == value;
                    let onclick = choose.reform(move |_: MouseEvent| value.clone());
                    html! {
                        <button type="button" role="radio" aria-checked={is_on.to_string()} class={classes!("btn", "opt", is_on.then_some("on"))} {onclick}>
                            <span>{ label }{ small.map(|small| html! { <small>{ small }</small> }) }</span></button>
                    }
                }) }
            </div>
            <TextField id="come-back-at" label={t("come-back-at")} kind="time" value={kept.at.clone()} oninput={set_time} />
            <TextField id="come-back-words" label={t("come-back-words")} hint={t("come-back-hint")} value={kept.words.clone()} oninput={say}
                max_chars={MAX_NOTE_CHARS - 100} error={(*is_empty && kept.when.is_empty() && kept.at.is_empty() && kept.words.is_empty()).then(|| t("come-back-choose"))} />
            <DraftRow<KeptComeBack> {is_touched} drafted={drafted.clone()} />
            }
        </Sheet>
    }
}

/// Without time and words it is not a draft, whoever was chosen.
fn whole(kept: KeptComeBack) -> KeptComeBack {
    if kept.when.is_empty() && kept.at.is_empty() && kept.words.is_empty() { KeptComeBack::default() } else { kept }
}

/// When, in words: `at 19:30`, `after 19:00`.
fn when_of(kept: &KeptComeBack) -> String {
    if kept.at.is_empty() {
        kept.when.clone()
    } else {
        t_args("come-back-value-at", &[("time", kept.at.as_str().into())]).to_string()
    }
}

/// The choices at the current time: their label, a second line, and what is recorded.
fn choices(now: At) -> Vec<(AttrValue, Option<AttrValue>, String)> {
    let hour = |n: i64| {
        let offset_ms = when::offset_ms(now);
        let next = ((now.0 + offset_ms).div_euclid(HOUR_MS) + n) * HOUR_MS - offset_ms;
        when::time(At(next)).to_string()
    };
    let soon = when::time(now.plus_ms(30 * MINUTE_MS));
    let after = |time: String| {
        let args = [("time", time.into())];
        (t_args("come-back-after", &args), None, t_args("come-back-value-after", &args).to_string())
    };
    vec![
        (
            t("come-back-soon"),
            Some(soon.clone()),
            t_args("come-back-value-at", &[("time", soon.to_string().into())]).to_string(),
        ),
        after(hour(1)),
        after(hour(2)),
        (t("come-back-day"), None, t("come-back-value-day").to_string()),
    ]
}
