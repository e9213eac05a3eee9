//! The script with one person: one question at a time, with branches; one visit is recorded at the end. Each tapped answer is stored as a draft.

mod asked;
mod who;

use super::door::{AddPersonSheet, back_of, short_name, told_above, warnings};
use crate::drafts::{self, Drafted, use_draft};
use crate::hooks::{Action, use_action, use_call};
use crate::i18n::{t, t_args};
use crate::layout::{Dock, DockAct, Page, Rest, use_shape};
use crate::parts::{draw, icon};
use crate::route::Route;
use crate::state::half_done::{self, talk_key};
use crate::state::notices::{Notice, NoticesHandle, Undoing, use_notices};
use crate::state::place::Shape;
use crate::state::talk::{KeptTalk, Step, Talk as Progressing};
use asked::{NoteField, asked, looked_over, progress, said_so_far};
#[cfg(feature = "office")]
pub(crate) use asked::{ask, steps};
use porchlight_model::calls::door::{DoorView, OpenDoor, VoterView};
use porchlight_model::calls::draft::{Act, Draft, Finished};
use porchlight_model::calls::visit::RecordVisit;
use porchlight_model::id::{DoorId, ScriptId, VoterId};
use porchlight_model::script::Script;
use porchlight_model::visit::{PersonState, ResultCode};
use std::rc::Rc;
use who::Who;
use yew::prelude::*;
use yew_router::prelude::*;

/// The placeholder id for a campaign without a script.
const NO_SCRIPT: ScriptId = ScriptId::from_bytes([0; 16]);

/// The props of [`Talk`].
#[derive(Properties, PartialEq)]
pub(super) struct TalkProps {
    /// The door.
    pub(super) door: DoorId,
    /// The voter.
    pub(super) voter: VoterId,
}

/// The page of a talk.
#[component]
pub(super) fn Talk(props: &TalkProps) -> Html {
    let view = use_call(OpenDoor { door: props.door });
    let waiting = use_call(drafts::at(props.door));
    let known = view.value().and_then(|view| {
        let voter = view.voters.iter().find(|voter| voter.voter.id == props.voter)?;
        Some((view.clone(), Rc::new(voter.clone())))
    });
    let back = Route::Door { door: props.door }.to_path();
    match known {
        Some((view, voter)) => {
            let waiting: Rc<Vec<Draft>> = waiting.value().cloned().unwrap_or_default();
            html! { <Asked key={props.voter.to_string()} {view} {voter} {waiting} /> }
        }
        None => html! {
            <Page title={t("act-talk")} {back}>
                { draw(&view, |_| html! { <p class="meta">{ t("talk-nobody") }</p> }) }
            </Page>
        },
    }
}

/// The props of [`Asked`].
#[derive(Properties, PartialEq)]
struct AskedProps {
    view: Rc<DoorView>,
    voter: Rc<VoterView>,
    waiting: Rc<Vec<Draft>>,
}

/// The state of a talk, and the callback for its steps.
#[derive(Clone, PartialEq)]
struct Going {
    talk: Rc<Progressing>,
    step: Callback<Step>,
}

/// A running talk: changes that sync brings meanwhile do not change the question under the thumb.
#[component]
fn Asked(props: &AskedProps) -> Html {
    let (door, voter) = (props.view.door.id, props.voter.voter.id);
    let drafted = use_draft::<KeptTalk>(talk_key(door, voter), Some(door));
    let begun = {
        let (view, voter) = (props.view.clone(), props.voter.clone());
        use_memo((), move |()| Progressing::begin(Rc::new(script_of(&view)), &voter.answers))
    };
    let is_adding = use_state(|| false);
    let action = use_action();
    let notices = use_notices();
    let is_beside = use_shape() == Shape::Desk;
    let navigator = use_navigator();
    let back = Route::Door { door }.to_path();
    let name = props.voter.voter.full_name();
    let Some(kept) = drafted.value() else {
        // Not drawn before the draft is loaded, because an answer must not jump.
        return html! { <Page title={name} {back} class="talk" /> };
    };
    let talk = Rc::new(kept.resume().unwrap_or_else(|| (*begun).clone()));
    let step = {
        let (drafted, begun) = (drafted.clone(), begun.clone());
        Callback::from(move |step: Step| {
            drafted.change(|kept| {
                let after = kept.resume().unwrap_or_else(|| (*begun).clone()).after(step);
                // A talk without any change is not a draft.
                if after == *begun { KeptTalk::default() } else { after.kept() }
            });
        })
    };
    let going = Going { talk: talk.clone(), step };
    let finish = {
        let (view, voter, drafted, action) = (props.view.clone(), props.voter.clone(), drafted.clone(), action.clone());
        Callback::from(move |()| {
            // The current talk, not the one that was last drawn.
            let kept = drafted.value().and_then(|kept| kept.resume());
            let talk = kept.unwrap_or_else(|| (*begun).clone());
            finish(&talk, &view, &voter, &drafted, (&action, &notices), navigator.clone());
        })
    };
    let add = {
        let is_adding = is_adding.clone();
        Callback::from(move |()| is_adding.set(true))
    };
    let halves = half_done::talks(door, &props.view.voters, &props.waiting);
    let short = short_name(&props.view, voter);
    // Beside the question where there is room, from the first answer on; else before the last question.
    let side = (is_beside && talk.question().is_some()).then(|| said_so_far(&talk)).flatten();
    let dock = html! { <TalkDock going={going.clone()} name={short} {voter} is_busy={action.is_busy} {finish} /> };
    html! {
        <Page title={name} under={props.view.door.address()} {back} class="talk" above={told_above(&props.view)} {side} {dock}>
            { warnings(&props.view) }
            <Who view={props.view.clone()} {voter} halves={halves.clone()} talk={talk.clone()} on_add={add} />
            { progress(&talk) }
            if let Some(question) = talk.question() {
                { asked(&going, question) }
                if talk.is_last() && !is_beside { { said_so_far(&talk) } }
            } else {
                { looked_over(&talk) }
            }
            <NoteField {going} />
            { for halves.iter().filter(|half| half.voter != voter).map(|half| html! {
                <p class="meta">{ t_args("talk-other-open", &[("name", short_name(&props.view, half.voter).into()), ("at", half.question.into())]) }</p>
            }) }
            if let Some(error) = drafted.failed() { <crate::parts::Trouble {error} is_inline=true /> }
            if *is_adding { <AddPersonSheet view={props.view.clone()} onclose={Callback::from(move |()| is_adding.set(false))} /> }
        </Page>
    }
}

/// The props of [`TalkDock`].
#[derive(Properties, PartialEq)]
struct TalkDockProps {
    going: Going,
    name: String,
    voter: VoterId,
    is_busy: bool,
    finish: Callback<()>,
}

/// Back and forward: Next with an answer, Skip without, Finish at the last question.
#[component]
fn TalkDock(props: &TalkDockProps) -> Html {
    let Going { talk, step } = &props.going;
    let question = talk.question().map(|question| question.id);
    let is_end = question.is_none() || talk.is_last();
    let has_answer = question.is_some_and(|question| talk.choice(question).is_some());
    let back = step.reform(|_: MouseEvent| Step::Back);
    let shows =
        format!("{}/{}/{is_end}", props.voter, question.map(|question| question.to_string()).unwrap_or_default());
    let can_go_back = talk.can_go_back();
    html! {
        <Dock label={t("talk-dock")} {shows} under={html! { <Rest text={t("talk-kept")} /> }}>
            <div class={classes!("acts", (!can_go_back).then_some("one"))}>
                if can_go_back { <DockAct id="back" onclick={back}>{ icon("arrow-left") }<span>{ t("talk-back") }</span></DockAct> }
                if is_end {
                    <DockAct id="finish" class="main" is_busy={props.is_busy} onclick={props.finish.reform(|_: MouseEvent| ())}>
                        { icon("check") }<span>{ if talk.answers().is_empty() {
                            t("talk-finish-empty")
                        } else {
                            t_args("talk-finish", &[("name", props.name.as_str().into())])
                        } }</span></DockAct>
                } else {
                    <DockAct id="talk-next" class="main" onclick={step.reform(|_: MouseEvent| Step::Next)}>
                        { icon("arrow-right") }<span>{ t(if has_answer { "talk-next" } else { "talk-skip" }) }</span></DockAct>
                }
            </div>
        </Dock>
    }
}

/// Records the visit, then goes to the next act: the door while other residents are to be met, else the list.
fn finish(
    talk: &Progressing,
    view: &Rc<DoorView>,
    voter: &VoterView,
    drafted: &Drafted<KeptTalk>,
    (action, notices): (&Action, &NoticesHandle),
    navigator: Option<Navigator>,
) {
    let answers = talk.answers();
    let name = voter.voter.full_name();
    let id = if answers.is_empty() { "done-talk-empty" } else { "done-talk" };
    let text = t_args(id, &[("name", name.into())]);
    let record = RecordVisit {
        answers,
        note: talk.note.trim().to_owned(),
        script: Some(talk.script().id).filter(|id| *id != NO_SCRIPT),
        ..super::act::visit(vec![view.door.id], Some(voter.voter.id), ResultCode::Canvassed)
    };
    let is_left = |other: &VoterView| other.voter.id != voter.voter.id && other.state == PersonState::ToMeet;
    let to = if view.voters.iter().any(is_left) { Route::Door { door: view.door.id } } else { back_of(view) };
    let notices = notices.clone();
    drafted.finish(action, Act::Visit(record), move |finished| {
        if let Finished::Visit(receipt) = finished {
            notices.dispatch(Notice::Done { text, undo: Some(Undoing::Visits(receipt.visits)) });
        }
        crate::paint::after_paint(move || {
            if let Some(navigator) = navigator {
                navigator.replace(&to);
            }
        });
    });
}

/// The script in force; without one a talk is only a note.
fn script_of(view: &DoorView) -> Script {
    let none = || Script { id: NO_SCRIPT, opening: String::new(), questions: Vec::new() };
    view.script.clone().unwrap_or_else(none)
}
