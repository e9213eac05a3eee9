//! The current question, the answers so far, and the note of a talk.

use super::Going;
use crate::i18n::{t, t_args};
use crate::parts::{TextArea, icon};
use crate::state::talk::{Step, Talk};
use porchlight_model::script::Question;
use porchlight_model::visit::MAX_NOTE_CHARS;
use yew::prelude::*;

/// The number of the current question and of all questions.
pub(super) fn progress(talk: &Talk) -> Html {
    let (at, n) = talk.progress();
    steps(at, n)
}

/// How far a talk is: at the question with the index `at` of `n`.
pub(crate) fn steps(at: usize, n: usize) -> Html {
    if n == 0 {
        return Html::default();
    }
    let label = t_args("talk-progress", &[("at", (at + 1).min(n).into()), ("n", n.into())]);
    html! {
        <div class="talk-progress">
            <p class="small muted" id="progress">{ label.clone() }</p>
            <div class="talk-steps" aria-hidden="true">
                { for (0..n).map(|place| html! { <i class={if place < at { "done" } else if place == at { "on" } else { "" }} /> }) }
            </div>
        </div>
    }
}

/// The current question with its answers: a tap selects one, and a second tap leaves it selected.
pub(super) fn asked(going: &Going, question: &Question) -> Html {
    let Going { talk, step } = going;
    let opening = if talk.progress().0 == 0 { talk.script().opening.as_str() } else { "" };
    ask(opening, question, talk.choice(question.id), &step.reform(Step::Choose))
}

/// A question with its answers, after an opening if there is one; `choose` gets the value of the tapped answer.
pub(crate) fn ask(opening: &str, question: &Question, chosen: Option<&str>, choose: &Callback<String>) -> Html {
    let choose = |value: &str| {
        let value = value.to_owned();
        choose.reform(move |_: MouseEvent| value.clone())
    };
    html! {
        <>
            if !opening.is_empty() {
                <section class="card say"><h2 class="eyebrow">{ t("talk-say") }</h2><p>{ opening }</p></section>
            }
            <div class="question" role="radiogroup" aria-labelledby="question" key={question.id.to_string()}>
                <h2 class="q" id="question" tabindex="-1"><bdi>{ &question.text }</bdi></h2>
                { for question.options.iter().map(|option| {
                    let is_on = chosen == Some(option.value.as_str());
                    html! {
                        <button type="button" role="radio" class={classes!("btn", "opt", is_on.then_some("on"))} aria-checked={is_on.to_string()}
                            onclick={choose(&option.value)}><bdi>{ &option.label }</bdi></button>
                    }
                }) }
            </div>
        </>
    }
}

/// The answers on the way here, without the present one; nothing before the second question.
pub(super) fn said_so_far(talk: &Talk) -> Option<Html> {
    let now = talk.question().map(|question| question.id);
    let said: Vec<_> = talk.said().into_iter().filter(|(question, _)| Some(question.id) != now).collect();
    (!said.is_empty()).then(|| html! { <section class="card">{ answers(said) }</section> })
}

/// The end of a talk: a review of the answers, before they are recorded.
pub(super) fn looked_over(talk: &Talk) -> Html {
    let said = talk.said();
    html! {
        <section class="card">
            <h2 class="addr">{ t(if said.is_empty() { "talk-no-script" } else { "talk-look-over" }) }</h2>
            if said.is_empty() { <p class="who">{ t("talk-no-script-body") }</p> } else { { answers(said) } }
        </section>
    }
}

fn answers(said: Vec<(&Question, Option<&str>)>) -> Html {
    html! {
        <dl class="answers">
            { for said.into_iter().map(|(question, label)| html! {
                <div><dt><bdi>{ &question.title }</bdi></dt><dd><bdi>{ label.map_or_else(|| t("talk-skipped"), |label| label.to_owned().into()) }</bdi></dd></div>
            }) }
        </dl>
    }
}

/// The props of [`NoteField`].
#[derive(Properties, PartialEq)]
pub(super) struct NoteFieldProps {
    /// The talk.
    pub(super) going: Going,
}

/// The note of a talk, collapsed until it is wanted, and the button that clears an answer.
#[component]
pub(super) fn NoteField(props: &NoteFieldProps) -> Html {
    let Going { talk, step } = &props.going;
    let is_open = use_state(|| false);
    let open = {
        let is_open = is_open.clone();
        Callback::from(move |_: MouseEvent| is_open.set(true))
    };
    let has_answer = talk.question().is_some_and(|question| talk.choice(question.id).is_some());
    html! {
        <div class="talk-note">
            <div class="row sp">
                if !*is_open && talk.note.is_empty() {
                    <button type="button" class="btn bare left" id="add-note" onclick={open}>{ icon("sticky-note") }<span>{ t("talk-note") }</span></button>
                } else { <span /> }
                if has_answer {
                    <button type="button" class="btn bare" id="clear" onclick={step.reform(|_: MouseEvent| Step::Clear)}>{ t("talk-clear") }</button>
                }
            </div>
            if *is_open || !talk.note.is_empty() {
                <TextArea id="talk-note" label={t("act-note")} value={talk.note.clone()} oninput={step.reform(Step::Note)} max_chars={MAX_NOTE_CHARS}
                    rows=3 has_focus={*is_open} />
            }
        </div>
    }
}
