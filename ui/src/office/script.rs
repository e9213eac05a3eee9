//! The script editor: opening, questions, answers, and where each answer leads.

use crate::drafts::use_draft;
use crate::fresh;
use crate::hooks::{said, use_call, use_form_action};
use crate::i18n::{t, t_args, t_message};
use crate::layout::Page;
use crate::paint::after_paint;
use crate::parts::{TextArea, TextField, Trouble, draw, show_fault};
use crate::state::notices::{Notice, use_notices};
use porchlight_model::calls::draft::Act;
use porchlight_model::calls::script::{GetScript, SaveScript};
use porchlight_model::id::{QuestionId, ScriptId};
use porchlight_model::message::Message;
use porchlight_model::script::{AnswerOption, Question, Script as Sheet, Then};
use serde::{Deserialize, Serialize};
use std::rc::Rc;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

/// The script in force, to read or to change.
#[component]
pub(super) fn Script() -> Html {
    let script = use_call(GetScript {});
    html! {
        <Page title={t("place-script")} class="column">
            { draw(&script, |script| html! { <Editor sheet={(**script).clone()} /> }) }
        </Page>
    }
}

/// An initial script: one question with two answers, all empty.
fn first() -> Sheet {
    Sheet { id: fresh::script(), opening: String::new(), questions: vec![question()] }
}

fn question() -> Question {
    Question { id: fresh::question(), title: String::new(), text: String::new(), options: vec![option(), option()] }
}

const fn option() -> AnswerOption {
    AnswerOption { value: String::new(), label: String::new(), then: Then::Next, is_support: false }
}

/// Gives new answers their stored value: the label in plain letters, unique in its question. An answer whose label differs from the sheet `before` is
/// a new answer, because people did not say what it says now.
fn named(sheet: &mut Sheet, before: Option<&Sheet>) {
    for question in &mut sheet.questions {
        let known = before.and_then(|before| before.question(question.id)).map_or(&[][..], |known| &known.options);
        for option in &mut question.options {
            let is_reworded = |was: &AnswerOption| was.value == option.value && was.label.trim() != option.label.trim();
            if known.iter().any(is_reworded) {
                option.value.clear();
            }
        }
        for index in 0..question.options.len() {
            if !question.options[index].value.is_empty() || question.options[index].label.trim().is_empty() {
                continue;
            }
            let plain: String = question.options[index]
                .label
                .to_lowercase()
                .chars()
                .map(|letter| if letter.is_alphanumeric() { letter } else { '_' })
                .collect();
            let plain = plain.trim_matches('_').to_owned();
            let is_taken = |value: &str| {
                value.is_empty() || question.options.iter().chain(known).any(|other| other.value == value)
            };
            let value =
                (1..).map(|n| if n == 1 { plain.clone() } else { format!("{plain}_{n}") }).find(|v| !is_taken(v));
            question.options[index].value = value.unwrap_or_default();
        }
    }
}

/// The draft's key: there is one script to change.
const DRAFT: &str = "script";

/// The unsaved edit.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
struct Edited {
    /// The version on which it is based.
    of: Option<ScriptId>,
    /// The edited script; `None` before the first change.
    sheet: Option<Sheet>,
}

/// The props of [`Editor`].
#[derive(Properties, PartialEq)]
struct EditorProps {
    sheet: Option<Sheet>,
}

/// Changes the sheet in place.
type Change = Rc<dyn Fn(&dyn Fn(&mut Sheet))>;

#[component]
fn Editor(props: &EditorProps) -> Html {
    let drafted = use_draft::<Edited>(DRAFT.to_owned(), None);
    let in_force = use_memo(props.sheet.clone(), |sheet| sheet.clone().unwrap_or_else(first));
    let is_tried = use_state(|| false);
    let is_renewing = use_state(|| false);
    let action = use_form_action();
    let notices = use_notices();
    let version = props.sheet.as_ref().map(|sheet| sheet.id);
    let change: Change = {
        let (drafted, in_force) = (drafted.clone(), in_force.clone());
        Rc::new(move |act| {
            drafted.change(|kept| {
                let mut sheet = kept.sheet.clone().unwrap_or_else(|| (*in_force).clone());
                act(&mut sheet);
                Edited { of: if kept.sheet.is_some() { kept.of } else { version }, sheet: Some(sheet) }
            });
        })
    };
    let on_opening = {
        let change = change.clone();
        Callback::from(move |text: String| change(&|sheet| sheet.opening.clone_from(&text)))
    };
    let add = {
        let change = change.clone();
        Callback::from(move |_: MouseEvent| change(&|sheet| sheet.questions.push(question())))
    };
    let throw_away = {
        let drafted = drafted.clone();
        Callback::from(move |_: MouseEvent| drafted.discard())
    };
    let bring_back = {
        let drafted = drafted.clone();
        Callback::from(move |_: MouseEvent| drafted.bring_back())
    };
    // The stored draft arrives a moment later; the form waits for it, so that nothing typed before is lost.
    let Some(kept) = drafted.value() else {
        return html! { <p class="loading" role="status">{ t("loading") }</p> };
    };
    let sheet = kept.sheet.clone().unwrap_or_else(|| (*in_force).clone());
    let mut ready = sheet.clone();
    named(&mut ready, props.sheet.as_ref());
    let wrong = ready.check().err();
    let save = {
        let (is_tried, action, is_right) = (is_tried.clone(), action.clone(), wrong.is_none());
        let (drafted, is_renewing) = (drafted.clone(), is_renewing.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            is_tried.set(true);
            if is_right {
                let notices = notices.clone();
                let act = Act::Script(SaveScript { script: ready.clone() });
                let (saved, is_renewing) = (drafted.clone(), is_renewing.clone());
                drafted.finish(&action, act, move |_| {
                    notices.dispatch(Notice::Done { text: t("script-saved"), undo: None });
                    is_renewing.set(true);
                    spawn_local(async move {
                        // Answered after the page's own fetch: from here on the page shows the saved script.
                        let _ = said(GetScript {}).await;
                        saved.begin_anew();
                        is_renewing.set(false);
                    });
                });
            } else {
                // The button is below all questions, so that the fault may be out of view.
                after_paint(|| show_fault(".script"));
            }
        })
    };
    let shown = wrong.as_ref().filter(|_| *is_tried);
    html! {
        <form class="stack script" onsubmit={save} novalidate=true>
            if kept.sheet.is_some() {
                <div class="row" id="script-draft" role="status">
                    <p class="grow">{ t(if kept.of == version { "script-draft" } else { "script-draft-older" }) }</p>
                    <button type="button" class="btn quiet" onclick={throw_away}>{ t("script-draft-discard") }</button>
                </div>
            } else if drafted.has_discarded() {
                <div class="row" role="status">
                    <p class="grow">{ t("script-draft-discarded") }</p>
                    <button type="button" class="btn quiet" onclick={bring_back}>{ t("undo") }</button>
                </div>
            }
            if let Some(error) = drafted.failed() { <Trouble {error} is_inline=true /> }
            <fieldset class="plain stack" disabled={action.is_busy || *is_renewing}>
                <TextArea id="opening" label={t("script-opening")} hint={Some(t("script-opening-hint"))} value={sheet.opening.clone()} oninput={on_opening} rows=3 />
                { for sheet.questions.iter().enumerate().map(|(index, question)| asked(&sheet, index, question, &change, shown)) }
                <button type="button" class="btn" onclick={add}>{ t("script-add-question") }</button>
            </fieldset>
            if let Some(wrong) = shown.filter(|wrong| !has_field(wrong)) { <p class="field-error" role="alert">{ t_message(wrong) }</p> }
            if let Some(error) = &action.failed { <Trouble error={error.clone()} is_inline=true /> }
            <button type="submit" class="btn main" disabled={action.is_busy}>{ t("script-save") }</button>
        </form>
    }
}

/// Whether a message is shown at its field.
fn has_field(wrong: &Message) -> bool {
    wrong.args.contains_key("place") || wrong.id == TITLE_DOUBLED
}

/// The message about a duplicate title.
const TITLE_DOUBLED: &str = "script-title-doubled";

fn asked(sheet: &Sheet, index: usize, question: &Question, change: &Change, wrong: Option<&Message>) -> Html {
    let n = index + 1;
    let wrong = wrong.filter(|wrong| wrong.args.get("n") == Some(&n.to_string()));
    let at_title = wrong.filter(|wrong| wrong.id == TITLE_DOUBLED).map(t_message);
    let on = |act: fn(&mut Question, String)| {
        let change = change.clone();
        Callback::from(move |text: String| change(&|sheet| act(&mut sheet.questions[index], text.clone())))
    };
    let click = |act: fn(&mut Sheet, usize)| {
        let change = change.clone();
        Callback::from(move |_: MouseEvent| change(&|sheet| act(sheet, index)))
    };
    let later: Vec<(QuestionId, usize, String)> = sheet
        .questions
        .iter()
        .enumerate()
        .skip(index + 1)
        .map(|(place, later)| (later.id, place + 1, later.title.clone()))
        .collect();
    html! {
        <fieldset class="card stack" key={question.id.to_string()}>
            <legend class="eyebrow">{ t_args("script-question", &[("n", n.into())]) }</legend>
            <TextField id={format!("title-{n}")} label={t("script-title")} hint={Some(t("script-title-hint"))} value={question.title.clone()} oninput={on(|q, text| q.title = text)} error={at_title} />
            <TextArea id={format!("text-{n}")} label={t("script-text")} value={question.text.clone()} oninput={on(|q, text| q.text = text)} rows=2 />
            { for question.options.iter().enumerate().map(|(place, option)| answer([index, place], option, &later, change, wrong)) }
            <div class="row">
                <button type="button" class="btn" onclick={click(|sheet, index| sheet.questions[index].options.push(option()))}>{ t_args("script-add-answer", &[("n", n.into())]) }</button>
                <button type="button" class="btn quiet" disabled={index == 0} onclick={click(|sheet, index| sheet.questions.swap(index, index - 1))}>{ t_args("script-up", &[("n", n.into())]) }</button>
                <button type="button" class="btn quiet" onclick={click(|sheet, index| { sheet.questions.remove(index); })}>{ t_args("script-remove-question", &[("n", n.into())]) }</button>
            </div>
        </fieldset>
    }
}

fn answer(
    [index, place]: [usize; 2],
    option: &AnswerOption,
    later: &[(QuestionId, usize, String)],
    change: &Change,
    wrong: Option<&Message>,
) -> Html {
    let error = wrong.filter(|wrong| wrong.args.get("place") == Some(&(place + 1).to_string())).map(t_message);
    let args = [("n", (index + 1).into()), ("place", (place + 1).into())];
    let id = format!("answer-{}-{}", index + 1, place + 1);
    let oninput = {
        let change = change.clone();
        Callback::from(move |text: String| {
            change(&|sheet| sheet.questions[index].options[place].label.clone_from(&text));
        })
    };
    let on_support = {
        let (change, is_support) = (change.clone(), option.is_support);
        Callback::from(move |_: Event| change(&|sheet| sheet.questions[index].options[place].is_support = !is_support))
    };
    let on_then = {
        let change = change.clone();
        Callback::from(move |event: Event| {
            let select: web_sys::HtmlSelectElement = event.target_unchecked_into();
            let then = match select.value().as_str() {
                "next" => Then::Next,
                "end" => Then::End,
                other => other.parse().map_or(Then::Next, |id| Then::Question { id }),
            };
            change(&|sheet| sheet.questions[index].options[place].then = then);
        })
    };
    let remove = {
        let change = change.clone();
        Callback::from(move |_: MouseEvent| {
            change(&|sheet| {
                sheet.questions[index].options.remove(place);
            });
        })
    };
    html! {
        <div class="answer">
            <TextField id={id.clone()} label={t_args("script-answer", &args)} value={option.label.clone()} {oninput} {error} />
            <div class="field">
                <label for={format!("{id}-then")}>{ t_args("script-then", &args) }</label>
                <select id={format!("{id}-then")} onchange={on_then}>
                    <option value="next" selected={option.then == Then::Next}>{ t("script-then-next") }</option>
                    { for later.iter().map(|(question, n, title)| html! {
                        <option value={question.to_string()} selected={option.then == (Then::Question { id: *question })}>
                            { t_args("script-then-question", &[("n", (*n).into()), ("title", title.as_str().into())]) }</option>
                    }) }
                    <option value="end" selected={option.then == Then::End}>{ t("script-then-end") }</option>
                    if option.then == Then::Newer { <option value="" disabled=true selected=true>{ t("result-newer") }</option> }
                </select>
            </div>
            <label class="check"><input type="checkbox" checked={option.is_support} onchange={on_support} />{ t("script-support") }</label>
            <button type="button" class="btn quiet" onclick={remove}>{ t_args("script-remove-answer", &args) }</button>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn new_answers_get_values_unlike_each_other() {
        let mut sheet = sheet(&[("Yes!", "yes"), ("Yes", ""), ("Strongly no", ""), ("👍", ""), (" ", "")]);
        named(&mut sheet, None);
        assert_eq!(values(&sheet), ["yes", "yes_2", "strongly_no", "_2", ""]);
    }

    #[test]
    fn an_answer_that_is_reworded_is_another_answer() {
        let before = sheet(&[("Lean yes", "lean_yes"), ("No", "no"), ("Undecided", "undecided")]);
        let mut after = sheet(&[("Strong yes", "lean_yes"), ("No ", "no"), ("Lean yes", "")]);
        named(&mut after, Some(&before));
        assert_eq!(values(&after), ["strong_yes", "no", "lean_yes_2"]);
        // Two answers that swap places keep their stored values.
        let mut swapped = sheet(&[("No", "lean_yes"), ("Lean yes", "no"), ("Undecided", "undecided")]);
        named(&mut swapped, Some(&before));
        assert_eq!(values(&swapped), ["no_2", "lean_yes_2", "undecided"]);
    }

    fn values(sheet: &Sheet) -> Vec<&str> {
        sheet.questions[0].options.iter().map(|option| option.value.as_str()).collect()
    }

    fn sheet(answers: &[(&str, &str)]) -> Sheet {
        let answer = |(label, value): &(&str, &str)| AnswerOption {
            label: (*label).to_owned(),
            value: (*value).to_owned(),
            ..option()
        };
        let question = Question {
            id: QuestionId::from_bytes([1; 16]),
            title: String::new(),
            text: String::new(),
            options: answers.iter().map(answer).collect(),
        };
        Sheet {
            id: porchlight_model::id::ScriptId::from_bytes([1; 16]),
            opening: String::new(),
            questions: vec![question],
        }
    }
}
