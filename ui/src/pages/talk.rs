//! The script with one voter: one question at a time, branching; one visit is recorded at the end.

use super::act::{Acts, use_acts, visit};
use super::door::back_of;
use crate::hooks::use_call;
use crate::i18n::{t, t_args};
use crate::layout::Page;
use crate::parts::{Progress, TextArea, draw};
use crate::route::Route;
use crate::state::talk::{Step, Talk as Progressing};
use porchlight_model::calls::field::{DoorView, OpenDoor, RecordVisit, VoterView};
use porchlight_model::id::{DoorId, ScriptId, VoterId};
use porchlight_model::script::{Question, Script};
use porchlight_model::visit::{MAX_NOTE_CHARS, ResultCode};
use std::rc::Rc;
use yew::prelude::*;
use yew_router::prelude::*;

/// What [`Talk`] takes.
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
    let known = view.value().and_then(|view| {
        let voter = view.voters.iter().find(|voter| voter.voter.id == props.voter)?;
        Some((view.clone(), Rc::new(voter.clone())))
    });
    let back = Route::Door { door: props.door }.to_path();
    match known {
        Some((view, voter)) => html! { <Asked key={props.voter.to_string()} {view} {voter} /> },
        None => html! {
            <Page title={t("act-talk")} {back}>
                { draw(&view, |_| html! { <p class="meta">{ t("talk-nobody") }</p> }) }
            </Page>
        },
    }
}

/// What [`Asked`] takes.
#[derive(Properties, PartialEq)]
struct AskedProps {
    view: Rc<DoorView>,
    voter: Rc<VoterView>,
}

/// A talk that has begun: what comes in meanwhile from others does not change the question under the thumb.
#[component]
fn Asked(props: &AskedProps) -> Html {
    let talk = {
        let (view, voter) = (props.view.clone(), props.voter.clone());
        use_reducer(move || Progressing::begin(Rc::new(script_of(&view)), &voter.answers))
    };
    let acts = use_acts();
    let navigator = use_navigator();
    let name = props.voter.voter.full_name();
    let finish = {
        let (talk, acts, view, voter) = (talk.clone(), acts.clone(), props.view.clone(), props.voter.clone());
        let (navigator, name) = (navigator, name.clone());
        Callback::from(move |()| finish(&talk, &acts, &view, &voter, &name, navigator.clone()))
    };
    let door = Route::Door { door: props.view.door.id };
    html! {
        <Page title={name} back={door.to_path()} class="talk" foot={foot(&talk, &acts, &finish)}>
            { progress(&talk) }
            if let Some(question) = talk.question() {
                { asked(&talk, question) }
            } else {
                { looked_over(&talk) }
            }
            <NoteField talk={talk} />
        </Page>
    }
}

fn progress(talk: &Progressing) -> Html {
    let (at, n) = talk.progress();
    #[expect(clippy::cast_precision_loss, reason = "at most fifty questions")]
    let (done, total) = (at as f64, n as f64);
    if n == 0 {
        return Html::default();
    }
    let label = t_args("talk-progress", &[("at", (at + 1).min(n).into()), ("n", n.into())]);
    html! { <div class="walk-bar talk-bar"><Progress {done} {total} {label} /></div> }
}

fn asked(talk: &UseReducerHandle<Progressing>, question: &Question) -> Html {
    let opening = &talk.script().opening;
    let is_first = talk.progress().0 == 0;
    let chosen = talk.choice(question.id);
    let choose = |value: &str| {
        let (talk, value) = (talk.clone(), value.to_owned());
        Callback::from(move |_: MouseEvent| talk.dispatch(Step::Choose(value.clone())))
    };
    let skip = {
        let talk = talk.clone();
        Callback::from(move |_: MouseEvent| talk.dispatch(Step::Skip))
    };
    html! {
        <>
            if is_first && !opening.is_empty() {
                <section class="card say"><h2 class="eyebrow">{ t("talk-say") }</h2><p>{ opening }</p></section>
            }
            <div class="question" role="group" aria-labelledby="question" key={question.id.to_string()}>
                <h2 class="q" id="question">{ &question.text }</h2>
                { for question.options.iter().map(|option| {
                    let is_on = chosen == Some(option.value.as_str());
                    html! {
                        <button type="button" class={classes!("btn", "opt", is_on.then_some("on"))} aria-pressed={is_on.to_string()}
                            onclick={choose(&option.value)}>{ &option.label }</button>
                    }
                }) }
                <button type="button" class="btn quiet" onclick={skip}>{ t("talk-skip") }</button>
            </div>
        </>
    }
}

/// The end of a talk: what was said, before it is recorded.
fn looked_over(talk: &Progressing) -> Html {
    let said = talk.said();
    html! {
        <section class="card">
            <h2 class="addr">{ t(if said.is_empty() { "talk-no-script" } else { "talk-look-over" }) }</h2>
            if said.is_empty() {
                <p class="who">{ t("talk-no-script-body") }</p>
            } else {
                <dl class="answers">
                    { for said.into_iter().map(|(question, label)| html! {
                        <div><dt>{ &question.title }</dt><dd>{ label.map_or_else(|| t("talk-skipped"), |label| label.to_owned().into()) }</dd></div>
                    }) }
                </dl>
            }
        </section>
    }
}

fn foot(talk: &UseReducerHandle<Progressing>, acts: &Acts, finish: &Callback<()>) -> Html {
    let step = |step: Step| {
        let talk = talk.clone();
        Callback::from(move |_: MouseEvent| talk.dispatch(step.clone()))
    };
    let is_end = talk.question().is_none() || talk.is_last();
    html! {
        <>
            <button type="button" class="btn grow" disabled={!talk.can_go_back()} onclick={step(Step::Back)}>{ t("talk-back") }</button>
            if is_end {
                <button type="button" class="btn main grow" id="finish" disabled={acts.is_busy()} onclick={finish.reform(|_: MouseEvent| ())}>
                    { t("talk-finish") }</button>
            } else {
                <button type="button" class="btn main grow" id="next" onclick={step(Step::Next)}>{ t("talk-next") }</button>
            }
        </>
    }
}

/// What [`NoteField`] takes.
#[derive(Properties, PartialEq)]
struct NoteFieldProps {
    talk: UseReducerHandle<Progressing>,
}

/// The note of a talk, out of the way until it is wanted.
#[component]
fn NoteField(props: &NoteFieldProps) -> Html {
    let is_open = use_state(|| false);
    let open = {
        let is_open = is_open.clone();
        Callback::from(move |_: MouseEvent| is_open.set(true))
    };
    let oninput = {
        let talk = props.talk.clone();
        Callback::from(move |text| talk.dispatch(Step::Note(text)))
    };
    html! {
        <div class="pad talk-note">
            if *is_open {
                <TextArea id="talk-note" label={t("act-note")} value={props.talk.note.clone()} {oninput} max_chars={MAX_NOTE_CHARS} rows=3 has_focus=true />
            } else {
                <button type="button" class="btn wide" onclick={open}>{ t("talk-note") }</button>
            }
        </div>
    }
}

/// Records the one visit, then goes to where the next act is: the door while others live there, else the list.
fn finish(
    talk: &Progressing,
    acts: &Acts,
    view: &DoorView,
    voter: &VoterView,
    name: &str,
    navigator: Option<Navigator>,
) {
    let record = RecordVisit {
        answers: talk.answers(),
        note: talk.note.trim().to_owned(),
        ..visit(vec![view.door.id], Some(voter.voter.id), ResultCode::Canvassed)
    };
    let to = if view.voters.len() > 1 { Route::Door { door: view.door.id } } else { back_of(view) };
    let text = t_args("done-talk", &[("name", name.to_owned().into())]);
    acts.visit(record, text, move || {
        if let Some(navigator) = navigator {
            navigator.replace(&to);
        }
    });
}

/// The script in force; without one a talk is only a note.
fn script_of(view: &DoorView) -> Script {
    let none = || Script { id: ScriptId::from_bytes([0; 16]), opening: String::new(), questions: Vec::new() };
    view.script.clone().unwrap_or_else(none)
}
