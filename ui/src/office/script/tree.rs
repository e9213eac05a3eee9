//! The list of questions: each stands below the one that decides whether it is asked, and says after which answers it is.

use super::editing::{Editing, Picked, focus_soon};
use crate::i18n::{t, t_args};
use crate::parts::icon;
use crate::state::branches::{Branch, When, branches};
use porchlight_model::script::{AnswerOption, Question};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, ScrollIntoViewOptions, ScrollLogicalPosition};
use yew::prelude::*;

/// The deepest level that is shown by an indent of its own.
const MAX_LEVEL: usize = 4;

/// The props of [`Tree`].
#[derive(Properties, PartialEq)]
pub(super) struct TreeProps {
    /// The script.
    pub(super) editing: Editing,
}

/// The list, and the button that adds to it.
#[component]
pub(super) fn Tree(props: &TreeProps) -> Html {
    let editing = &props.editing;
    let list = use_node_ref();
    use_shown(&list, editing.picked);
    let shape = branches(&editing.sheet);
    let add = {
        let editing = editing.clone();
        Callback::from(move |_: MouseEvent| editing.add_question())
    };
    html! {
        <div class="script-tree">
            <ol ref={list} class="list tree" aria-label={t("script-tree")}>
                { row(editing, Picked::Opening, "", html! { <span class="tile">{ icon("message-square") }</span> }, html! { <span class="name">{ t("script-opening-name") }</span> }) }
                { for editing.sheet.questions.iter().zip(shape).enumerate().map(|(index, (question, branch))| one(editing, index, question, &branch)) }
            </ol>
            <div class="script-add"><button type="button" class="btn wide" onclick={add}>{ icon("plus") }{ t("script-add-question") }</button></div>
            <p class="keys who" aria-hidden="true">
                <span><kbd>{ "J" }</kbd><kbd>{ "K" }</kbd>{ t("script-keys-pick") }</span>
                <span><kbd>{ "N" }</kbd>{ t("script-keys-new") }</span>
                <span><kbd>{ "Alt" }</kbd><kbd>{ "↑" }</kbd><kbd>{ "↓" }</kbd>{ t("script-keys-move") }</span>
            </p>
        </div>
    }
}

/// Keeps the picked row in sight, and with it the focus, if that is in the list.
#[hook]
fn use_shown(list: &NodeRef, picked: Option<Picked>) {
    use_effect_with((list.clone(), picked), |(list, picked)| {
        let page = web_sys::window().and_then(|window| window.document());
        let row = picked.and_then(|picked| page.as_ref()?.get_element_by_id(&picked.row()));
        let (Some(list), Some(row)) = (list.cast::<Element>(), row) else { return };
        let into_view = ScrollIntoViewOptions::new();
        into_view.set_block(ScrollLogicalPosition::Nearest);
        row.scroll_into_view_with_scroll_into_view_options(&into_view);
        let focused = page.and_then(|page| page.active_element());
        if let (true, Some(row)) = (list.contains(focused.as_deref()), row.dyn_ref::<HtmlElement>()) {
            let _ = row.focus();
        }
    });
}

fn one(editing: &Editing, index: usize, question: &Question, branch: &Branch) -> Html {
    let questions = &editing.sheet.questions;
    let n = index + 1;
    let is_faulty = editing.fault.as_ref().is_some_and(|(place, _)| place.question() == Some(question.id));
    let level = match branch.level.min(MAX_LEVEL) {
        0 => "",
        1 => "lv-1",
        2 => "lv-1 lv-2",
        3 => "lv-1 lv-2 lv-3",
        _ => "lv-1 lv-2 lv-3 lv-4",
    };
    let name = question.title.trim();
    let tile = html! { <span class={classes!("tile", is_faulty.then_some("bad"))}>{ n }</span> };
    let words = html! {
        <>
            if let Some(when) = &branch.when { <span class="via">{ icon("corner-down-right") }<span>{ leads(when, questions) }</span></span> }
            <span class={classes!("name", name.is_empty().then_some("who"))}>
                if name.is_empty() { { t_args("script-untitled", &[("n", n.into())]) } } else { <bdi>{ name }</bdi> }</span>
            if is_faulty { <span class="unseen">{ t("script-faulty") }</span> }
            if !branch.ends.is_empty() {
                <span class="via"><span>{ either(branch.ends.iter().map(|place| label(&question.options, *place)).collect()) }{ ": " }{ t("script-ends") }</span></span>
            }
        </>
    };
    row(editing, Picked::Question(question.id), level, tile, words)
}

fn row(editing: &Editing, part: Picked, level: &'static str, tile: Html, words: Html) -> Html {
    let is_on = editing.picked == Some(part);
    let onclick = editing.pick.reform(move |_: MouseEvent| part);
    let onkeydown = {
        let editing = editing.clone();
        Callback::from(move |event: KeyboardEvent| walk(&editing, part, &event))
    };
    html! {
        <li key={part.row()} class={level}>
            <button type="button" id={part.row()} class={classes!("li", is_on.then_some("on"))} aria-current={is_on.then_some("true")} {onclick} {onkeydown}>
                { tile }<span class="grow">{ words }</span><span class="go" aria-hidden="true">{ icon("chevron-right") }</span>
            </button>
        </li>
    }
}

/// The arrow keys go to the row above or below; with Alt they move the question there.
fn walk(editing: &Editing, part: Picked, event: &KeyboardEvent) {
    let step = match event.key().as_str() {
        "ArrowUp" => -1,
        "ArrowDown" => 1,
        _ => return,
    };
    event.prevent_default();
    let here = Editing { picked: Some(part), ..editing.clone() };
    match (event.alt_key(), here.question(), here.beside(step)) {
        (true, Some((index, _)), _) => {
            if editing.move_question(index, step) {
                focus_soon(part.row());
            }
        }
        (false, _, Some(to)) => {
            if editing.is_wide {
                editing.pick.emit(to);
            }
            focus_soon(to.row());
        }
        (true, None, _) | (false, _, None) => (),
    }
}

/// After which answers a question is asked: "if Yes or after question 2".
fn leads(when: &When, questions: &[Question]) -> Html {
    if when.answers.is_empty() && when.after.is_empty() {
        return html! { { t_args("script-only-skipped", &[("n", (when.of + 1).into())]) } };
    }
    let options = questions.get(when.of).map_or(&[][..], |question| &question.options);
    let answers = when.answers.iter().map(|place| label(options, *place));
    let after = when.after.iter().map(|index| html! { { t_args("script-after", &[("n", (index + 1).into())]) } });
    html! { <>if !when.answers.is_empty() { { t("script-if") }{ " " } }{ either(answers.chain(after).collect()) }</> }
}

fn label(options: &[AnswerOption], place: usize) -> Html {
    let label = options.get(place).map_or("", |option| option.label.trim());
    if label.is_empty() {
        return html! { { t_args("script-blank-answer", &[("place", (place + 1).into())]) } };
    }
    html! { <bdi>{ label }</bdi> }
}

/// "Yes or Undecided or after question 2".
fn either(all: Vec<Html>) -> Html {
    html! { { for all.into_iter().enumerate().map(|(place, one)| html! { <>if place > 0 { { " " }{ t("script-or") }{ " " } }{ one }</> }) } }
}
