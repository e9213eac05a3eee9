//! The picked part of the script: the opening, or one question with its title, what is asked and its answers.

use super::PART;
use super::answers::answers;
use super::edit::{Edit, FaultPlace};
use super::editing::{Editing, focus_soon};
use crate::i18n::{t, t_args};
use crate::parts::{TextArea, TextField, icon};
use porchlight_model::script::Question;
use web_sys::HtmlInputElement;
use yew::prelude::*;

/// The pane of what is picked.
pub(super) fn pane(editing: &Editing) -> Html {
    match editing.question() {
        Some((index, question)) => html! {
            <section class="script-pane" key={question.id.to_string()} data-guard={PART} aria-labelledby="script-heading" onkeydown={stay}>
                { head(editing, index, question) }
                { words(editing, index, question) }
                { answers(editing, index, question) }
            </section>
        },
        None => opening(editing),
    }
}

/// Enter in a field saves nothing: a version goes out to all phones, and only the button makes one.
fn stay(event: KeyboardEvent) {
    if event.key() == "Enter" && event.target_dyn_into::<HtmlInputElement>().is_some() {
        event.prevent_default();
    }
}

fn opening(editing: &Editing) -> Html {
    let oninput = editing.edit.reform(Edit::Opening);
    html! {
        <section class="script-pane" key="opening" data-guard={PART} aria-labelledby="script-heading">
            <div class="script-head"><h2 class="addr" id="script-heading" tabindex="-1">{ t("script-opening-name") }</h2></div>
            <div class="card">
                <TextArea id="opening" label={t("script-opening")} hint={Some(t("script-opening-hint"))} value={editing.sheet.opening.clone()} {oninput} rows=5 />
            </div>
        </section>
    }
}

fn head(editing: &Editing, index: usize, question: &Question) -> Html {
    let n = index + 1;
    let of = editing.sheet.questions.len();
    let step = |step: isize, own: &'static str, other: &'static str| {
        let editing = editing.clone();
        Callback::from(move |_: MouseEvent| {
            if editing.move_question(index, step) {
                // The focus stays on the button; where that can do no more, it goes to the other.
                let to = index.saturating_add_signed(step);
                focus_soon(if (step < 0 && to == 0) || (step > 0 && to + 1 == of) { other } else { own }.to_owned());
            }
        })
    };
    let remove = {
        let editing = editing.clone();
        Callback::from(move |_: MouseEvent| editing.remove_question(index))
    };
    let args = [("n", n.into())];
    let title = question.title.trim();
    html! {
        <div class="script-head">
            <h2 class="addr" id="script-heading" tabindex="-1">
                if title.is_empty() { { t_args("script-question", &args) } } else { <bdi>{ title }</bdi> }
                <small>{ t_args("script-question-of", &[("at", n.into()), ("n", of.into())]) }</small></h2>
            <div class="script-acts">
                <button type="button" id="question-up" class="btn icon" disabled={index == 0} aria-label={t_args("script-up", &args)}
                    onclick={step(-1, "question-up", "question-down")}>{ icon("chevron-up") }</button>
                <button type="button" id="question-down" class="btn icon" disabled={n == of} aria-label={t_args("script-down", &args)}
                    onclick={step(1, "question-down", "question-up")}>{ icon("chevron-down") }</button>
                <button type="button" class="btn icon" aria-label={t_args("script-remove-question", &args)} onclick={remove}>{ icon("trash-2") }</button>
            </div>
        </div>
    }
}

fn words(editing: &Editing, index: usize, question: &Question) -> Html {
    let n = index + 1;
    html! {
        <div class="card">
            <TextField id={format!("title-{n}")} label={t("script-title")} hint={Some(t("script-title-hint"))} value={question.title.clone()}
                oninput={editing.edit.reform(move |text| Edit::Title(index, text))} error={editing.fault_at(FaultPlace::Title(question.id))} />
            <TextArea id={format!("text-{n}")} label={t("script-text")} value={question.text.clone()} rows=2
                oninput={editing.edit.reform(move |text| Edit::Text(index, text))} error={editing.fault_at(FaultPlace::Text(question.id))} />
        </div>
    }
}
