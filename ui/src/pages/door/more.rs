//! The rarer results and the lasting marks of a door or a voter, one tap each; those that need a word ask for it.

use crate::hooks::use_form_action;
use crate::i18n::t;
use crate::pages::act::{Acts, visit};
use crate::parts::mark::result_label;
use crate::parts::{TextField, Trouble};
use crate::state::notices::{Notice, Undoing, use_notices};
use porchlight_model::calls::field::{AddNote, DoorView, RecordVisit, SetFlag, VoterView};
use porchlight_model::id::{DoorId, VoterId};
use porchlight_model::visit::{About, Flag, MAX_NOTE_CHARS, ResultCode};
use std::rc::Rc;
use yew::prelude::*;

/// What [`MoreAboutDoor`] takes.
#[derive(Properties, PartialEq)]
pub(super) struct MoreAboutDoorProps {
    /// The door.
    pub(super) view: Rc<DoorView>,
    /// What can be done.
    pub(super) acts: Acts,
    /// Done, or not wanted.
    pub(super) onclose: Callback<()>,
}

/// What else can be recorded of a door.
#[component]
pub(super) fn MoreAboutDoor(props: &MoreAboutDoorProps) -> Html {
    let asking = use_state(|| None::<Asking>);
    let (door, address) = (props.view.door.id, props.view.door.address());
    if let Some(asking) = *asking {
        return html! { <AskWord {asking} {door} voter={None::<VoterId>} onclose={props.onclose.clone()} /> };
    }
    let record = |result| one_tap(&props.acts, &props.onclose, door, None, result, &address);
    let ask = |what: Asking| {
        let asking = asking.clone();
        Callback::from(move |_: MouseEvent| asking.set(Some(what)))
    };
    let flags = &props.view.flags;
    let about = About::Door(door);
    html! {
        <div class="stack choices">
            { choice(t(result_label(ResultCode::ComeBack)), ask(Asking::ComeBack)) }
            { for [ResultCode::Inaccessible, ResultCode::LanguageBarrier, ResultCode::Moved]
                .map(|result| choice(t(result_label(result)), record(result))) }
            { flag_choice(&props.acts, &props.onclose, about, Flag::DoNotContact, flags) }
            if flags.contains(&Flag::Danger) {
                { flag_choice(&props.acts, &props.onclose, about, Flag::Danger, flags) }
            } else {
                { choice(t("act-danger"), ask(Asking::Danger)) }
            }
        </div>
    }
}

/// What [`MoreAboutVoter`] takes.
#[derive(Properties, PartialEq)]
pub(super) struct MoreAboutVoterProps {
    /// The voter.
    pub(super) voter: Rc<VoterView>,
    /// What can be done.
    pub(super) acts: Acts,
    /// Done, or not wanted.
    pub(super) onclose: Callback<()>,
    /// The person wants to write a note.
    pub(super) on_note: Callback<()>,
}

/// What else can be recorded of a voter.
#[component]
pub(super) fn MoreAboutVoter(props: &MoreAboutVoterProps) -> Html {
    let asking = use_state(|| false);
    let voter = &props.voter.voter;
    if *asking {
        return html! {
            <AskWord asking={Asking::ComeBack} door={voter.door} voter={Some(voter.id)} onclose={props.onclose.clone()} />
        };
    }
    let name = voter.full_name();
    let record = |result| one_tap(&props.acts, &props.onclose, voter.door, Some(voter.id), result, &name);
    let ask = {
        let asking = asking;
        Callback::from(move |_: MouseEvent| asking.set(true))
    };
    html! {
        <div class="stack choices">
            { choice(t(result_label(ResultCode::Refused)), record(ResultCode::Refused)) }
            { choice(t(result_label(ResultCode::ComeBack)), ask) }
            { for [ResultCode::Moved, ResultCode::Deceased, ResultCode::LanguageBarrier]
                .map(|result| choice(t(result_label(result)), record(result))) }
            { choice(t("act-note"), props.on_note.reform(|_: MouseEvent| ())) }
            { flag_choice(&props.acts, &props.onclose, About::Voter(voter.id), Flag::DoNotContact, &props.voter.flags) }
        </div>
    }
}

fn choice(words: AttrValue, onclick: Callback<MouseEvent>) -> Html {
    html! { <button type="button" class="btn" {onclick}>{ words }</button> }
}

fn one_tap(
    acts: &Acts,
    onclose: &Callback<()>,
    door: DoorId,
    voter: Option<VoterId>,
    result: ResultCode,
    of: &str,
) -> Callback<MouseEvent> {
    let (acts, onclose, of) = (acts.clone(), onclose.clone(), of.to_owned());
    Callback::from(move |_| {
        acts.record(door, voter, result, &of);
        onclose.emit(());
    })
}

fn flag_choice(acts: &Acts, onclose: &Callback<()>, about: About, flag: Flag, flags: &[Flag]) -> Html {
    let is_set = flags.contains(&flag);
    let words = t(match (flag, is_set) {
        (Flag::DoNotContact, false) => "act-do-not-contact",
        (Flag::DoNotContact, true) => "act-contact-again",
        (Flag::Danger, false) => "act-danger",
        (Flag::Danger, true) => "act-no-danger",
    });
    let (acts, onclose) = (acts.clone(), onclose.clone());
    let onclick = Callback::from(move |_: MouseEvent| {
        acts.flag(about, flag, !is_set);
        onclose.emit(());
    });
    html! { <button type="button" class={classes!("btn", (!is_set).then_some("grave"))} {onclick}>{ words }</button> }
}

/// What needs a word with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Asking {
    /// When to come back.
    ComeBack,
    /// What the danger is.
    Danger,
}

/// What [`AskWord`] takes.
#[derive(Properties, PartialEq)]
struct AskWordProps {
    asking: Asking,
    door: DoorId,
    voter: Option<VoterId>,
    onclose: Callback<()>,
}

/// Takes the word, then records.
#[component]
fn AskWord(props: &AskWordProps) -> Html {
    let word = use_state(String::new);
    let action = use_form_action();
    let notices = use_notices();
    let onsubmit = {
        let (word, action, onclose, notices) = (word.clone(), action.clone(), props.onclose.clone(), notices);
        let (asking, door, voter) = (props.asking, props.door, props.voter);
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let note = word.trim().to_owned();
            let (onclose, notices) = (onclose.clone(), notices.clone());
            match asking {
                Asking::ComeBack => {
                    let visit = RecordVisit { note, ..visit(vec![door], voter, ResultCode::ComeBack) };
                    action.run(visit, move |receipt| {
                        let undo = Some(Undoing::Visits(receipt.visits));
                        notices.dispatch(Notice::Done { text: t("done-come-back"), undo });
                        onclose.emit(());
                    });
                }
                Asking::Danger => {
                    let about = About::Door(door);
                    let then = action.clone();
                    action.run(SetFlag { about, flag: Flag::Danger, is_set: true }, move |()| {
                        let back = SetFlag { about, flag: Flag::Danger, is_set: false };
                        notices.dispatch(Notice::Done { text: t("done-danger"), undo: Some(Undoing::Flag(back)) });
                        if note.is_empty() {
                            onclose.emit(());
                        } else {
                            then.run(AddNote { about, text: note }, move |()| onclose.emit(()));
                        }
                    });
                }
            }
        })
    };
    let (label, hint, save) = match props.asking {
        Asking::ComeBack => ("come-back-when", "come-back-hint", "come-back-save"),
        Asking::Danger => ("danger-what", "danger-hint", "danger-save"),
    };
    let oninput = {
        let word = word.clone();
        Callback::from(move |text| word.set(text))
    };
    html! {
        <form {onsubmit}>
            <TextField id="word" label={t(label)} hint={t(hint)} value={(*word).clone()} {oninput} max_chars={MAX_NOTE_CHARS} has_focus=true />
            if let Some(error) = &action.failed { <Trouble error={error.clone()} is_inline=true /> }
            <button type="submit" class="btn main wide" disabled={action.is_busy}>{ t(save) }</button>
        </form>
    }
}
