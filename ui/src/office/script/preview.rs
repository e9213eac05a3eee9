//! What a phone shows of the picked question, as it is typed: its answers can be chosen, and the talk walked on.

use super::editing::{Editing, Picked};
use crate::i18n::{t, t_args};
use crate::pages::{ask, steps};
use crate::parts::icon;
use porchlight_model::id::QuestionId;
use porchlight_model::script::{AnswerOption, Question};
use std::collections::BTreeMap;
use yew::prelude::*;

/// The props of [`Preview`].
#[derive(Properties, PartialEq)]
pub(super) struct PreviewProps {
    /// The script.
    pub(super) editing: Editing,
}

/// The phone, with the picked question; with the first one while the opening is picked.
#[component]
pub(super) fn Preview(props: &PreviewProps) -> Html {
    let editing = &props.editing;
    let chosen = use_state(BTreeMap::<QuestionId, String>::new);
    // The steps that were walked here: from which question to which.
    let walked = use_state(Vec::<[QuestionId; 2]>::new);
    let at = match editing.picked {
        Some(Picked::Opening) => Some(0),
        Some(Picked::Question(_)) | None => editing.question().map(|(index, _)| index),
    };
    let asked = at.and_then(|at| Some((at, shown(editing.sheet.questions.get(at)?))));
    let Some((at, question)) = asked else { return Html::default() };
    let choice = chosen.get(&question.id).filter(|value| question.options.iter().any(|option| option.value == **value));
    let next = editing.sheet.after(question.id, choice.map(String::as_str)).map(|next| next.id);
    let choose = {
        let (chosen, id) = (chosen.clone(), question.id);
        Callback::from(move |value: String| {
            let mut all = (*chosen).clone();
            all.insert(id, value);
            chosen.set(all);
        })
    };
    let on_next = {
        let (walked, pick, here) = (walked.clone(), editing.pick.clone(), question.id);
        let first = editing.sheet.questions.first().map(|question| question.id);
        Callback::from(move |_: MouseEvent| {
            let path = next.map(|next| walked.iter().copied().chain([[here, next]]).collect());
            walked.set(path.unwrap_or_default());
            if let Some(to) = next.or(first) {
                pick.emit(Picked::Question(to));
            }
        })
    };
    let came_from = walked.last().filter(|[_, to]| *to == question.id).map(|[from, _]| *from);
    let on_back = came_from.map(|from| {
        let (walked, pick) = (walked.clone(), editing.pick.clone());
        Callback::from(move |_: MouseEvent| {
            walked.set(walked[..walked.len().saturating_sub(1)].to_vec());
            pick.emit(Picked::Question(from));
        })
    });
    let opening = if at == 0 { editing.sheet.opening.trim() } else { "" };
    let on = if next.is_none() {
        "script-preview-finish"
    } else if choice.is_some() {
        "talk-next"
    } else {
        "talk-skip"
    };
    html! {
        <section class="script-preview" aria-label={t("script-preview")}>
            <h2 class="li-title">{ t("script-preview") }</h2>
            <div class="handset">
                <p class="handset-head">{ icon("chevron-left") }<b>{ t("script-preview-voter") }</b></p>
                <div class="handset-body">
                    { steps(at, editing.sheet.questions.len()) }
                    { ask(opening, &question, choice.map(String::as_str), &choose) }
                </div>
                <div class={classes!("acts", on_back.is_none().then_some("one"))}>
                    if let Some(onclick) = on_back { <button type="button" class="btn" {onclick}>{ icon("arrow-left") }<span>{ t("talk-back") }</span></button> }
                    <button type="button" class="btn main" onclick={on_next}>{ icon(if next.is_none() { "check" } else { "arrow-right" }) }<span>{ t(on) }</span></button>
                </div>
            </div>
            <p class="who handset-told" role="status">{ icon("corner-down-right") }<span>{ told(editing, &question, choice.map(String::as_str), next) }</span></p>
        </section>
    }
}

/// A question as the phone gets it: without the answers that have no words yet.
fn shown(question: &Question) -> Question {
    let has_words = |option: &&AnswerOption| !option.label.trim().is_empty();
    let options = question.options.iter().filter(has_words).cloned().collect();
    let text = if question.text.trim().is_empty() { "…".to_owned() } else { question.text.clone() };
    Question { options, text, ..question.clone() }
}

/// Where the chosen answer leads.
fn told(editing: &Editing, question: &Question, choice: Option<&str>, next: Option<QuestionId>) -> AttrValue {
    let label = question.options.iter().find(|option| Some(option.value.as_str()) == choice);
    let title = next.map(|next| {
        let place = editing.sheet.questions.iter().position(|question| question.id == next).unwrap_or_default();
        let title = editing.sheet.questions[place].title.trim().to_owned();
        if title.is_empty() { t_args("script-question", &[("n", (place + 1).into())]).to_string() } else { title }
    });
    match (label, title) {
        (Some(option), Some(title)) => {
            t_args("script-preview-leads", &[("label", option.label.trim().into()), ("title", title.as_str().into())])
        }
        (Some(option), None) => t_args("script-preview-ends", &[("label", option.label.trim().into())]),
        (None, Some(_)) => t("script-preview-hint"),
        (None, None) => t("script-preview-last"),
    }
}
