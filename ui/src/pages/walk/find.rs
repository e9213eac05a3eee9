//! Finds a door in the list by number, name, street or note, and by mark, side and street.

use crate::i18n::{t, t_args};
use crate::parts::mark::mark_label;
use crate::parts::{Select, icon, sign};
use crate::state::walk::{Find, streets};
use porchlight_model::calls::walk::WalkView;
use porchlight_model::place::Side;
use porchlight_model::visit::Mark;
use std::rc::Rc;
use web_sys::HtmlInputElement;
use yew::prelude::*;

/// The marks that are offered first; "More" shows the others.
const FIRST_MARKS: [Mark; 4] = [Mark::Todo, Mark::NotHome, Mark::ComeBack, Mark::Talked];

/// How many streets fit side by side.
const MAX_STREETS_IN_ROW: usize = 2;

/// The props of [`FindPanel`].
#[derive(Properties, PartialEq)]
pub(super) struct FindPanelProps {
    pub(super) walk: Rc<WalkView>,
    /// What is searched for.
    pub(super) find: Find,
    /// How many rows it finds.
    pub(super) n_found: usize,
    /// Called with a changed search; `None` when the person is done.
    pub(super) on_change: Callback<Option<Find>>,
}

/// The field and the filters.
#[component]
pub(super) fn FindPanel(props: &FindPanelProps) -> Html {
    let input = use_node_ref();
    use_effect_with(input.clone(), |input| {
        if let Some(input) = input.cast::<HtmlInputElement>() {
            let _ = input.focus();
        }
    });
    let change = |changed: Find| props.on_change.reform(move |_: MouseEvent| Some(changed.clone()));
    let find = &props.find;
    let oninput = {
        let (input, find, on_change) = (input.clone(), find.clone(), props.on_change.clone());
        Callback::from(move |_: InputEvent| {
            let text = input.cast::<HtmlInputElement>().map(|input| input.value()).unwrap_or_default();
            on_change.emit(Some(Find { text, ..find.clone() }));
        })
    };
    let close = props.on_change.reform(|_: MouseEvent| None);
    html! {
        <search class="find">
            <label class="inp">
                { icon("search") }
                <input ref={input} id="find-text" type="search" value={find.text.clone()} {oninput} aria-label={t("walk-find")}
                    placeholder={t("walk-find-hint")} autocomplete="off" autocapitalize="off" enterkeyhint="search" />
                <button type="button" class="btn icon" id="find-close" aria-label={t("walk-find-close")} onclick={close}>{ icon("x") }</button>
            </label>
            <Marks walk={props.walk.clone()} find={find.clone()} on_change={props.on_change.clone()} />
            <div class="two">
                <div><span class="lab" id="find-side">{ t("find-side") }</span>
                    <div class="seg" role="group" aria-labelledby="find-side">
                        { for [(None, "find-both"), (Some(Side::Odd), "find-odd"), (Some(Side::Even), "find-even")].map(|(side, label)| {
                            one_of(find.side == side, t(label), change(Find { side, ..find.clone() }))
                        }) }
                    </div></div>
                <div><span class="lab" id="find-street">{ t("find-street") }</span>{ streets_row(props) }</div>
            </div>
            <p class="sub" role="status">{ t_args("find-n", &[("n", props.n_found.into())]) }<span>{ t("walk-find-hint") }</span></p>
        </search>
    }
}

fn one_of(is_on: bool, label: AttrValue, onclick: Callback<MouseEvent>) -> Html {
    html! { <button type="button" class={is_on.then_some("on")} aria-pressed={is_on.to_string()} {onclick}><bdi>{ label }</bdi></button> }
}

fn streets_row(props: &FindPanelProps) -> Html {
    let streets = streets(&props.walk);
    let find = &props.find;
    if streets.len() <= MAX_STREETS_IN_ROW {
        let to = |street: Option<String>| {
            let changed = Find { street, ..find.clone() };
            props.on_change.reform(move |_: MouseEvent| Some(changed.clone()))
        };
        return html! {
            <div class="seg" role="group" aria-labelledby="find-street">
                { one_of(find.street.is_none(), t("walk-all"), to(None)) }
                { for streets.into_iter().map(|street| one_of(find.street.as_ref() == Some(&street), street.clone().into(), to(Some(street)))) }
            </div>
        };
    }
    let onchange = {
        let (find, on_change) = (find.clone(), props.on_change.clone());
        Callback::from(move |street: String| {
            on_change.emit(Some(Find { street: Some(street).filter(|street| !street.is_empty()), ..find.clone() }));
        })
    };
    html! {
        <Select labelled_by="find-street" value={find.street.clone().unwrap_or_default()} {onchange}>
            <option value="">{ t("walk-all") }</option>
            { for streets.iter().map(|street| html! {
                <option value={street.clone()}>{ street }</option>
            }) }
        </Select>
    }
}

/// The props of [`Marks`].
#[derive(Properties, PartialEq)]
struct MarksProps {
    walk: Rc<WalkView>,
    find: Find,
    on_change: Callback<Option<Find>>,
}

/// The marks to filter by: those that the list has.
#[component]
fn Marks(props: &MarksProps) -> Html {
    let is_all = use_state(|| false);
    let has = |mark: Mark| props.walk.rows.iter().any(|row| row.mark == mark);
    let (first, others): (Vec<Mark>, Vec<Mark>) = Mark::ALL
        .into_iter()
        .filter(|mark| FIRST_MARKS.contains(mark) || has(*mark))
        .partition(|mark| FIRST_MARKS.contains(mark));
    let more = {
        let is_all = is_all.clone();
        Callback::from(move |_: MouseEvent| is_all.set(true))
    };
    let chip = |mark: Option<Mark>| {
        let is_on = props.find.mark == mark;
        let changed = Find { mark, ..props.find.clone() };
        let onclick = props.on_change.reform(move |_: MouseEvent| Some(changed.clone()));
        html! {
            <button type="button" class={classes!("btn", is_on.then_some("on"))} aria-pressed={is_on.to_string()} {onclick}>
                if let Some(mark) = mark { { sign(mark) } }
                { mark.map_or_else(|| t("walk-all"), |mark| t(mark_label(mark))) }
            </button>
        }
    };
    let has_more = !*is_all && !others.is_empty();
    html! {
        <div><span class="lab" id="find-mark">{ t("find-state") }</span>
            <div class="chips" role="group" aria-labelledby="find-mark">
                { chip(None) }
                { for first.into_iter().map(|mark| chip(Some(mark))) }
                { for others.into_iter().filter(|_| *is_all).map(|mark| chip(Some(mark))) }
                if has_more { <button type="button" class="btn" onclick={more}>{ t("act-more") }</button> }
            </div>
        </div>
    }
}
