//! Choosing whom to talk to: conditions, a live count, the list, and each person's record beside it.

mod ages;
mod chips;
mod chosen;
mod counts;
mod editor;
mod record;
mod rows;
mod table;
mod words;

use super::keys::use_keys;
use crate::hooks::use_call;
use crate::i18n::{t, t_args};
use crate::layout::{Page, use_may, use_shape};
use crate::load::Loadable;
use crate::parts::{Empty, Go, Trouble, icon};
use crate::route::OfficeRoute;
use crate::state::place::Shape;
use chips::{Chips, Open, is_outside};
use chosen::{Chosen, Joins};
use porchlight_model::calls::office::Dashboard;
use porchlight_model::calls::universe::{CountVoters, FilterChoices, Order};
use porchlight_model::grant::Act;
use porchlight_model::id::VoterId;
use porchlight_model::place::LonLat;
use porchlight_model::universe::Condition;
use rows::use_rows;
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;
use yew::prelude::*;
use yew_router::Routable;
use yew_router::prelude::use_navigator;

thread_local! {
    /// What was chosen last: the page has it again when it is opened again.
    static LAST: RefCell<(Rc<Chosen>, Order)> = RefCell::default();
}

/// The distance that is proposed, in metres.
const NEAR_M: f64 = 500.0;

/// The props of [`Voters`].
#[derive(Properties, PartialEq)]
pub(super) struct VotersProps {
    /// The person whose record is open.
    pub(super) voter: Option<VoterId>,
}

/// The page.
#[component]
pub(super) fn Voters(props: &VotersProps) -> Html {
    let chosen = use_state(|| LAST.with_borrow(|(chosen, _)| chosen.clone()));
    let order = use_state(|| LAST.with_borrow(|(_, order)| *order));
    let open = use_state(|| None::<Open>);
    let filter = chosen.filter();
    let counted = use_call(CountVoters { filter: filter.clone() });
    let (list, onmore) = use_rows(&filter, *order, counted.value().cloned());
    let choices = use_call(FilterChoices {});
    let board = use_call(Dashboard {});
    let names = words::Names { choices: choices.value().cloned(), board: board.value().cloned() };
    let is_wide = use_shape() == Shape::Desk;
    let may_import = use_may(Act::Import);
    let choose = {
        let (chosen, order) = (chosen.clone(), *order);
        Callback::from(move |now: Chosen| {
            let now = Rc::new(now);
            LAST.set((now.clone(), order));
            chosen.set(now);
        })
    };
    let onopen = {
        let open = open.clone();
        Callback::from(move |now: Option<Open>| open.set(now))
    };
    let onorder = {
        let (chosen, order) = (chosen.clone(), order.clone());
        Callback::from(move |now: Order| {
            LAST.set(((*chosen).clone(), now));
            order.set(now);
        })
    };
    use_list_keys(props.voter, list.rows.clone(), &open);
    let clear = {
        let choose = choose.clone();
        Callback::from(move |_: MouseEvent| choose.emit(Chosen::default()))
    };
    let onnear = {
        let (chosen, choose, open) = (chosen.clone(), choose.clone(), open.clone());
        Callback::from(move |at: LonLat| {
            let mut now = (**chosen).clone();
            now.parts.retain(|(_, part)| !matches!(part, Condition::Near { .. }));
            now.parts.push((Joins::And, Condition::Near { at, within_m: NEAR_M }));
            open.set(Some(Open::Part(now.parts.len() - 1)));
            choose.emit(now);
        })
    };
    let oninput = {
        let (chosen, choose) = (chosen.clone(), choose.clone());
        Callback::from(move |event: InputEvent| {
            let text = event.target_unchecked_into::<HtmlInputElement>().value();
            choose.emit(Chosen { text, ..(**chosen).clone() });
        })
    };
    let onclick = {
        let open = open.clone();
        Callback::from(move |event: MouseEvent| {
            if open.is_some() && is_outside(&event) {
                open.set(None);
            }
        })
    };
    // Also from its own fields, where single keys are letters.
    let onkeydown = {
        let open = open.clone();
        Callback::from(move |event: KeyboardEvent| {
            if open.is_some() && event.key() == "Escape" {
                event.stop_propagation();
                open.set(None);
            }
        })
    };
    let n_voters = counted.value().map_or(0, |counted| counted.n_voters);
    let took_ms = counted.value().map_or(0, |counted| counted.took_ms);
    let has_nobody = counted.value().is_some_and(|counted| counted.n_in_all == 0);
    let side = props.voter.map(|voter| html! { <record::Record {voter} {onnear} key={voter.to_string()} /> });
    #[expect(clippy::cast_precision_loss, reason = "shown to people")]
    let under = counted.value().map(|counted| t_args("voters-under", &[("n", (counted.n_in_all as f64).into())]));
    let back = (props.voter.is_some() && !is_wide).then(|| AttrValue::from(OfficeRoute::Voters.to_path()));
    let body = match (&counted, &list.rows) {
        (Loadable::Failed(error), _) => html! { <Trouble error={error.clone()} /> },
        _ if list.rows.is_none() && list.failed.is_some() => {
            html! { { for list.failed.iter().map(|error| html! { <Trouble error={error.clone()} /> }) } }
        }
        (Loadable::Loading, _) | (_, None) => table::bars(),
        (_, Some(rows)) if rows.is_empty() => {
            html! { <Empty title={t("voters-none")} what_next={t("voters-none-next")}>{ table::clear(clear.clone()) }</Empty> }
        }
        (_, Some(_)) => html! {
            <table::Table list={list.clone()} n_in_all={n_voters} order={*order} chosen={props.voter} {onorder} {onmore} />
        },
    };
    html! {
        <Page title={t("place-voters")} {under} {back} class="office-voters fills" {side}>
            if has_nobody {
                <Empty title={t("voters-nobody-title")} what_next={t("voters-nobody-body")}>
                    if may_import { <Go to={OfficeRoute::Data.to_path()} class="btn main">{ t("voters-import") }</Go> }
                </Empty>
            } else {
                <div class="voters" {onclick} {onkeydown}>
                    <section class="filter-box" aria-label={t("filter-title")}>
                        <label class="inp" data-takes-slash="true">{ icon("search") }<input id="search" type="search" aria-label={t("voters-search")} placeholder={t("voters-search")} maxlength="200"
                            value={chosen.text.clone()} {oninput} autocomplete="off" /></label>
                        <Chips chosen={(*chosen).clone()} open={*open} {names} onchange={choose} {onopen} />
                        <counts::Counts counted={counted.clone()} {filter} order={*order} is_narrowed={!chosen.is_empty()} onclear={clear} />
                    </section>
                    { body }
                    if !has_nobody && list.rows.is_some() { { table::foot(&list, n_voters, took_ms) } }
                </div>
            }
        </Page>
    }
}

/// J and K go on, Enter opens the first, Escape closes, F adds a condition, a slash begins to search.
#[hook]
fn use_list_keys(
    voter: Option<VoterId>,
    rows: Option<Rc<Vec<porchlight_model::calls::universe::VoterRow>>>,
    open: &UseStateHandle<Option<Open>>,
) {
    let (navigator, open) = (use_navigator(), open.clone());
    use_keys(move |pressed| {
        let Some(navigator) = &navigator else { return };
        let rows = rows.as_deref().map(Vec::as_slice).unwrap_or_default();
        let at = voter.and_then(|voter| rows.iter().position(|row| row.voter == voter));
        let next = match (pressed, at) {
            ("j", None) if voter.is_none() => rows.first(),
            ("enter", None) if voter.is_none() && !is_at_control() => rows.first(),
            ("j", Some(at)) => rows.get(at + 1),
            ("k", Some(at)) => at.checked_sub(1).and_then(|at| rows.get(at)),
            ("escape", _) if open.is_some() => return open.set(None),
            ("escape", _) if voter.is_some() => return navigator.push(&OfficeRoute::Voters),
            ("f", _) => return open.set(Some(Open::Adding(Joins::And))),
            ("/", _) => return focus_search(),
            _ => None,
        };
        if let Some(row) = next {
            navigator.push(&OfficeRoute::Voter { voter: row.voter });
        }
    });
}

/// Whether what has the focus does something of its own with Enter.
fn is_at_control() -> bool {
    let page = web_sys::window().and_then(|window| window.document());
    let focused = page.and_then(|page| page.active_element());
    focused.is_some_and(|focused| focused.matches("a, button").unwrap_or_default())
}

fn focus_search() {
    let page = web_sys::window().and_then(|window| window.document());
    let field = page.and_then(|page| page.get_element_by_id("search"));
    if let Some(field) = field.and_then(|field| field.dyn_into::<HtmlInputElement>().ok()) {
        gloo_timers::callback::Timeout::new(0, move || drop(field.focus())).forget();
    }
}
