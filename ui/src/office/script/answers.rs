//! The answers of a question: their words, where the talk goes after each, whether it counts as support, and their order.

use super::edit::{Edit, FaultPlace, option};
use super::editing::{Editing, focus_soon};
use crate::i18n::{t, t_args};
use crate::parts::{Select, icon};
use porchlight_model::id::QuestionId;
use porchlight_model::script::{AnswerOption, Question, Then};
use web_sys::HtmlInputElement;
use yew::prelude::*;

/// The id of the button that adds one.
const ADD: &str = "answer-add";

/// The card of a question's answers.
pub(super) fn answers(editing: &Editing, index: usize, question: &Question) -> Html {
    let (n, n_answers) = (index + 1, question.options.len());
    let add = editing.edit.reform(move |_: MouseEvent| {
        focus_soon(format!("answer-{n}-{}", n_answers + 1));
        Edit::PutAnswer([index, n_answers], option())
    });
    html! {
        <section class="card answers-card" aria-labelledby="answers-heading">
            <div class="row sp wrap">
                <h3 class="li-title" id="answers-heading">{ t("script-answers") }</h3>
                <button type="button" id={ADD} class="btn small" onclick={add} aria-label={t_args("script-add-answer", &[("n", n.into())])}>
                    { icon("plus") }{ t("script-add-answer-short") }</button>
            </div>
            if let Some(told) = editing.fault_at(FaultPlace::Question(question.id)) { <p class="field-error" role="alert" tabindex="-1">{ told }</p> }
            if n_answers > 0 {
                <div class="answer answer-heads who" aria-hidden="true">
                    <span>{ t("script-answer-short") }</span><span>{ t("script-then-short") }</span><span>{ t("script-support-short") }</span><span />
                </div>
            }
            <ol class="plain">{ for question.options.iter().enumerate().map(|(place, option)| answer(editing, [index, place], question, option)) }</ol>
        </section>
    }
}

fn answer(editing: &Editing, at: [usize; 2], question: &Question, option: &AnswerOption) -> Html {
    let [index, place] = at;
    let (n, n_answers) = (index + 1, question.options.len());
    let args = [("n", n.into()), ("place", (place + 1).into())];
    let id = format!("answer-{n}-{}", place + 1);
    let (error_id, then_id) = (format!("{id}-error"), format!("{id}-then"));
    let error = editing.fault_at(FaultPlace::Answer(question.id, place));
    let oninput = editing
        .edit
        .reform(move |event: InputEvent| Edit::Label(at, event.target_unchecked_into::<HtmlInputElement>().value()));
    let on_then = editing.edit.reform(move |chosen: String| Edit::Leads(at, then_of(&chosen)));
    let is_support = option.is_support;
    let on_support = editing.edit.reform(move |_: Event| Edit::Support(at, !is_support));
    let go = {
        let editing = editing.clone();
        move |step: isize, is_typing: bool| {
            if let Some(to) = place.checked_add_signed(step).filter(|to| *to < n_answers) {
                editing.edit.emit(Edit::MoveAnswer(at, to));
                focus_soon(format!("answer-{n}-{}{}", to + 1, if is_typing { "" } else { arrow(step, to, n_answers) }));
            }
        }
    };
    let step = |by: isize| {
        let go = go.clone();
        Callback::from(move |_: MouseEvent| go(by, false))
    };
    let onkeydown = {
        let (editing, go) = (editing.clone(), go.clone());
        Callback::from(move |event: KeyboardEvent| match event.key().as_str() {
            "ArrowUp" if event.alt_key() => {
                event.prevent_default();
                go(-1, true);
            }
            "ArrowDown" if event.alt_key() => {
                event.prevent_default();
                go(1, true);
            }
            // Enter goes on to the next answer, and after the last makes one.
            "Enter" if !event.is_composing() && is_words(&event) => {
                if place + 1 == n_answers {
                    editing.edit.emit(Edit::PutAnswer([index, n_answers], self::option()));
                }
                focus_soon(format!("answer-{n}-{}", place + 2));
            }
            _ => (),
        })
    };
    let remove = editing.edit.reform(move |_: MouseEvent| {
        // Not into a field, which would open the keyboard of a phone.
        let next = (place + 1).min(n_answers.saturating_sub(1));
        focus_soon(if next == 0 { ADD.to_owned() } else { format!("answer-{n}-{next}-remove") });
        Edit::RemoveAnswer(at)
    });
    html! {
        <li class="answer" {onkeydown}>
            <div class="field">
                <label for={id.clone()}>{ t_args("script-answer", &args) }</label>
                <input id={id.clone()} type="text" dir="auto" autocomplete="off" value={option.label.clone()} {oninput}
                    aria-invalid={error.is_some().then_some("true")} aria-describedby={error.is_some().then(|| error_id.clone())} />
            </div>
            <div class="field">
                <label for={then_id.clone()}>{ t_args("script-then", &args) }</label>
                <Select id={then_id} value={value_of(option.then)} onchange={on_then}>{ choices(&editing.sheet.questions, index, option.then) }</Select>
            </div>
            <label class="check"><input type="checkbox" checked={is_support} onchange={on_support} /><span>{ t("script-support") }</span></label>
            <div class="script-acts">
                <button type="button" id={format!("{id}-up")} class="btn icon" disabled={place == 0} aria-label={t_args("script-answer-up", &args)}
                    onclick={step(-1)}>{ icon("chevron-up") }</button>
                <button type="button" id={format!("{id}-down")} class="btn icon" disabled={place + 1 == n_answers} aria-label={t_args("script-answer-down", &args)}
                    onclick={step(1)}>{ icon("chevron-down") }</button>
                <button type="button" id={format!("{id}-remove")} class="btn icon" aria-label={t_args("script-remove-answer", &args)} onclick={remove}>{ icon("trash-2") }</button>
            </div>
            if let Some(error) = error { <p class="field-error" id={error_id} role="alert">{ error }</p> }
        </li>
    }
}

/// The end of the id of the arrow that keeps the focus after a step to this place: the other one where that can do no more.
const fn arrow(step: isize, to: usize, n_answers: usize) -> &'static str {
    match (step < 0, to == 0, to + 1 == n_answers) {
        (true, true, _) | (false, _, false) => "-down",
        (true, false, _) | (false, _, true) => "-up",
    }
}

/// Whether a key was pressed in the words of an answer.
fn is_words(event: &KeyboardEvent) -> bool {
    event.target_dyn_into::<HtmlInputElement>().is_some_and(|input| input.type_() == "text")
}

/// Where the talk can go after an answer of the question with this index.
fn choices(questions: &[Question], index: usize, then: Then) -> Html {
    let later = || questions.iter().enumerate().skip(index + 1);
    let is_gone = matches!(then, Then::Question { id } if later().all(|(_, question)| question.id != id));
    let one = |place: usize, question: &Question| {
        let n = place + 1;
        let title = question.title.trim();
        html! {
            <option key={question.id.to_string()} value={question.id.to_string()}>
                { t_args("script-then-question", &[("n", n.into()), ("title", title.into())]) }</option>
        }
    };
    html! {
        <>
            <option value="next">{ t("script-then-next") }</option>
            { for later().map(|(place, question)| one(place, question)) }
            <option value="end">{ t("script-then-end") }</option>
            if let (true, Then::Question { id }) = (is_gone, then) { <option value={id.to_string()} disabled=true>{ t("script-then-gone") }</option> }
            if then == Then::Newer { <option value="" disabled=true>{ t("result-newer") }</option> }
        </>
    }
}

/// The value of the option for a way on; empty for one that is gone or that only a newer version knows.
fn value_of(then: Then) -> String {
    match then {
        Then::Next => "next".to_owned(),
        Then::End => "end".to_owned(),
        Then::Question { id } => id.to_string(),
        Then::Newer => String::new(),
    }
}

fn then_of(chosen: &str) -> Then {
    match chosen {
        "next" => Then::Next,
        "end" => Then::End,
        other => other.parse::<QuestionId>().map_or(Then::Next, |id| Then::Question { id }),
    }
}
