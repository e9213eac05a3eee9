//! The conditions as chips, each with its fields under it while it is open, and the list of what can be added.

use super::chosen::{Chosen, Joins, Kind};
use super::editor::Editor;
use super::words::{Names, words};
use crate::i18n::{t, t_args};
use crate::parts::icon;
use porchlight_model::universe::Condition;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};
use yew::prelude::*;

/// What is open over the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Open {
    /// The fields of a condition.
    Part(usize),
    /// What can be added.
    Adding(Joins),
}

/// The props of [`Chips`].
#[derive(Properties, PartialEq)]
pub(super) struct ChipsProps {
    /// What is chosen.
    pub(super) chosen: Rc<Chosen>,
    /// What is open.
    pub(super) open: Option<Open>,
    /// What conditions are about, in words.
    pub(super) names: Names,
    /// Receives what is chosen from then on.
    pub(super) onchange: Callback<Chosen>,
    /// Receives what is to be open.
    pub(super) onopen: Callback<Option<Open>>,
}

/// A row of chips for each group.
#[component]
pub(super) fn Chips(props: &ChipsProps) -> Html {
    let pop = use_node_ref();
    use_pop(&pop, props.open);
    let row = |joins: Joins| {
        let parts: Vec<_> = props.chosen.of(joins).map(|(n, part)| chip(props, n, part, &pop)).collect();
        if joins != Joins::And && parts.is_empty() {
            return Html::default();
        }
        let adds = joins == Joins::And;
        html! {
            <div class="conds" role="group" aria-label={t(joins.label())}>
                if !adds { <span class="who">{ t(joins.label()) }</span> }
                { for parts }
                if adds { { add(props, &pop) } }
            </div>
        }
    };
    html! { <div class="filter">{ for Joins::ALL.map(row) }</div> }
}

/// The focus goes into what is opened; at the right edge it opens to the left.
#[hook]
fn use_pop(pop: &NodeRef, open: Option<Open>) {
    let pop = pop.clone();
    use_effect_with(open, move |open| {
        let (Some(_), Some(pop)) = (open, pop.cast::<HtmlElement>()) else { return };
        let main = pop.closest("main").ok().flatten().map(|main| main.get_bounding_client_rect().right());
        let is_over = main.is_some_and(|right| pop.get_bounding_client_rect().right() > right - 8.0);
        if is_over {
            let _ = pop.set_attribute("data-end", "true");
        }
        let field = pop.query_selector("input, select, button").ok().flatten();
        if let Some(field) = field.and_then(|field| field.dyn_into::<HtmlElement>().ok()) {
            let _ = field.focus();
        }
    });
}

fn chip(props: &ChipsProps, n: usize, part: &Condition, pop: &NodeRef) -> Html {
    let (about, how, said) = words(part, &props.names);
    let is_open = props.open == Some(Open::Part(n));
    let toggle = props.onopen.reform(move |_: MouseEvent| (!is_open).then_some(Open::Part(n)));
    let remove = {
        let (chosen, onchange, onopen) = (props.chosen.clone(), props.onchange.clone(), props.onopen.clone());
        Callback::from(move |_: MouseEvent| {
            let mut chosen = (*chosen).clone();
            chosen.parts.remove(n);
            onopen.emit(None);
            onchange.emit(chosen);
        })
    };
    let is_wrong = part.check().is_err();
    html! {
        <span key={n} class={classes!("cond", is_open.then_some("open"), is_wrong.then_some("is-wrong"))}>
            <button type="button" aria-expanded={is_open.to_string()} onclick={toggle}>
                <span><bdi>{ about.clone() }</bdi></span>if !how.is_empty() { <span>{ how }</span> }<b><bdi>{ said }</bdi></b></button>
            <button type="button" class="cond-x" onclick={remove} aria-label={t_args("filter-remove", &[("what", about.as_str().into())])}>{ icon("x") }</button>
            if is_open { { fields(props, n, part, &about, pop) } }
        </span>
    }
}

fn fields(props: &ChipsProps, n: usize, part: &Condition, about: &AttrValue, pop: &NodeRef) -> Html {
    let changed = {
        let (chosen, onchange) = (props.chosen.clone(), props.onchange.clone());
        Callback::from(move |condition: Condition| {
            let mut chosen = (*chosen).clone();
            if let Some((_, part)) = chosen.parts.get_mut(n) {
                *part = condition;
            }
            onchange.emit(chosen);
        })
    };
    let join = |joins: Joins| {
        let (chosen, onchange) = (props.chosen.clone(), props.onchange.clone());
        let is_on = props.chosen.parts.get(n).is_some_and(|(other, _)| *other == joins);
        let onclick = Callback::from(move |_: MouseEvent| {
            let mut chosen = (*chosen).clone();
            if let Some((other, _)) = chosen.parts.get_mut(n) {
                *other = joins;
            }
            onchange.emit(chosen);
        });
        html! { <button type="button" class={is_on.then_some("on")} aria-pressed={is_on.to_string()} {onclick}>{ t(joins.label()) }</button> }
    };
    let done = props.onopen.reform(|_: MouseEvent| None);
    html! {
        <div ref={pop.clone()} class="pop" role="dialog" aria-label={about.clone()}>
            <div class="row sp"><b><bdi>{ about.clone() }</bdi></b><button type="button" class="btn quiet" onclick={done}>{ t("filter-done") }</button></div>
            <Editor condition={part.clone()} names={props.names.clone()} onchange={changed} />
            <div class="seg joins" role="group" aria-label={t("filter-joins")}>{ for Joins::ALL.map(join) }</div>
        </div>
    }
}

fn add(props: &ChipsProps, pop: &NodeRef) -> Html {
    let adding = match props.open {
        Some(Open::Adding(joins)) => Some(joins),
        Some(Open::Part(_)) | None => None,
    };
    let toggle = props.onopen.reform(move |_: MouseEvent| adding.is_none().then_some(Open::Adding(Joins::And)));
    html! {
        <span class={classes!("cond-add", adding.is_some().then_some("open"))}>
            <button type="button" id="add-filter" class="btn bare" aria-expanded={adding.is_some().to_string()} aria-keyshortcuts="f" onclick={toggle}>
                { icon("plus") }<span>{ t("filter-add") }</span><kbd>{ "F" }</kbd></button>
            if let Some(joins) = adding { { kinds(props, joins, pop) } }
        </span>
    }
}

fn kinds(props: &ChipsProps, joins: Joins, pop: &NodeRef) -> Html {
    let question =
        props.names.choices.as_ref().and_then(|choices| choices.questions.first()).map(|choice| choice.question);
    let join = |one: Joins| {
        let onclick = props.onopen.reform(move |_: MouseEvent| Some(Open::Adding(one)));
        let is_on = one == joins;
        html! { <button type="button" class={is_on.then_some("on")} aria-pressed={is_on.to_string()} {onclick}>{ t(one.label()) }</button> }
    };
    let kind = |kind: Kind| {
        let Some(condition) = kind.fresh(question) else { return Html::default() };
        let (chosen, onchange, onopen) = (props.chosen.clone(), props.onchange.clone(), props.onopen.clone());
        let onclick = Callback::from(move |_: MouseEvent| {
            let mut chosen = (*chosen).clone();
            chosen.parts.push((joins, condition.clone()));
            onopen.emit(Some(Open::Part(chosen.parts.len() - 1)));
            onchange.emit(chosen);
        });
        html! { <button type="button" class="kind" {onclick}>{ t(kind.label()) }</button> }
    };
    let second = {
        let (onchange, onopen) = (props.onchange.clone(), props.onopen.clone());
        Callback::from(move |_: MouseEvent| {
            onopen.emit(None);
            onchange.emit(Chosen::not_homes());
        })
    };
    html! {
        <div ref={pop.clone()} class="pop kinds" role="dialog" aria-label={t("filter-add")}>
            <div class="seg joins" role="group" aria-label={t("filter-joins")}>{ for Joins::ALL.map(join) }</div>
            <div class="kind-list">{ for Kind::OFFERED.map(kind) }</div>
            <button type="button" class="kind" id="second-pass" onclick={second}><b>{ t("filter-second-pass") }</b><small class="who">{ t("filter-second-pass-hint") }</small></button>
        </div>
    }
}

/// Whether a click was outside of what is open.
pub(super) fn is_outside(event: &MouseEvent) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    target.is_some_and(|target| target.closest(".cond, .cond-add").is_ok_and(|found| found.is_none()))
}
