//! The drawer with the table of all turf in the selected wave, and what narrows it.

use super::table::Table;
use crate::hooks::use_call;
use crate::i18n::{t, t_args};
use crate::load::Loadable;
use crate::office::wave_choice::WaveChoice;
use crate::parts::{draw, icon};
use porchlight_model::calls::office::{DashboardView, TurfRow, WaveBoard};
use porchlight_model::id::{TurfId, WaveId};
use std::cell::RefCell;
use std::rc::Rc;
use yew::prelude::*;

/// The props of [`Tables`].
#[derive(Properties)]
pub(super) struct TablesProps {
    /// The current wave.
    pub(super) board: Loadable<DashboardView>,
    /// The turf that is open.
    pub(super) chosen: Option<TurfId>,
    /// The earlier wave that is shown; `None` for the current one.
    pub(super) wave: UseStateHandle<Option<WaveId>>,
    /// Receives the turf in the order of the table.
    pub(super) order: Rc<RefCell<Vec<TurfId>>>,
}

impl PartialEq for TablesProps {
    fn eq(&self, other: &Self) -> bool {
        self.board == other.board
            && self.chosen == other.chosen
            && self.wave == other.wave
            && Rc::ptr_eq(&self.order, &other.order)
    }
}

/// The choice of a wave, a filter by name, and the table.
#[component]
pub(super) fn Tables(props: &TablesProps) -> Html {
    let wave = props.wave.clone();
    let wanted = use_state(String::new);
    let onchange = {
        let wave = wave.clone();
        Callback::from(move |chosen: Option<WaveId>| wave.set(chosen))
    };
    let oninput = {
        let wanted = wanted.clone();
        Callback::from(move |event: InputEvent| {
            let field: web_sys::HtmlInputElement = event.target_unchecked_into();
            wanted.set(field.value());
        })
    };
    let filter = html! {
        <label class="inp">{ icon("search") }<input id="turf-filter" type="search" placeholder={t("turf-filter")} aria-label={t("turf-filter")}
            value={(*wanted).clone()} {oninput} autocomplete="off" /></label>
    };
    let (chosen, order, wanted) = (props.chosen, props.order.clone(), (*wanted).clone());
    html! {
        <div class="drawer">
            <div class="drawer-head">{ filter }<WaveChoice id="table-wave" none={t("wave-choice-current")} chosen={*wave} {onchange} /></div>
            if let Some(wave) = *wave { <OfWave {wave} {chosen} {order} {wanted} /> } else {
                { draw(&props.board, |board| html! { <Narrowed board={board.clone()} {chosen} {order} {wanted} /> }) }
            }
        </div>
    }
}

/// The props of [`OfWave`].
#[derive(Properties)]
struct OfWaveProps {
    wave: WaveId,
    chosen: Option<TurfId>,
    order: Rc<RefCell<Vec<TurfId>>>,
    wanted: String,
}

impl PartialEq for OfWaveProps {
    fn eq(&self, other: &Self) -> bool {
        self.wave == other.wave && self.chosen == other.chosen && self.wanted == other.wanted
    }
}

#[component]
fn OfWave(props: &OfWaveProps) -> Html {
    let board = use_call(WaveBoard { wave: props.wave });
    let (chosen, order, wanted) = (props.chosen, props.order.clone(), props.wanted.clone());
    html! { { draw(&board, |board| html! { <Narrowed board={board.clone()} {chosen} {order} {wanted} is_earlier=true /> }) } }
}

/// The props of [`Narrowed`].
#[derive(Properties)]
struct NarrowedProps {
    board: Rc<DashboardView>,
    chosen: Option<TurfId>,
    order: Rc<RefCell<Vec<TurfId>>>,
    wanted: String,
    #[prop_or_default]
    is_earlier: bool,
}

impl PartialEq for NarrowedProps {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.board, &other.board)
            && self.is_earlier == other.is_earlier
            && self.chosen == other.chosen
            && self.wanted == other.wanted
    }
}

/// The turf whose name, or the name of who holds it, has words that begin like the wanted ones.
#[component]
fn Narrowed(props: &NarrowedProps) -> Html {
    let wanted = props.wanted.to_lowercase();
    let words: Vec<&str> = wanted.split_whitespace().collect();
    let all = &props.board.turfs;
    let turfs: Vec<TurfRow> = all.iter().filter(|row| has_words(row, &words)).cloned().collect();
    let n = turfs.len();
    if n == 0 {
        props.order.borrow_mut().clear();
    }
    html! {
        <>
            if !words.is_empty() { <p class="who drawer-count" role="status">{ t_args("turf-shown", &[("shown", n.into()), ("n", all.len().into())]) }</p> }
            if n > 0 || all.is_empty() { <Table {turfs} chosen={props.chosen} is_earlier={props.is_earlier} order={Some(props.order.clone())} /> }
        </>
    }
}

fn has_words(row: &TurfRow, words: &[&str]) -> bool {
    let text = format!("{} {}", row.name, row.walkers.join(" ")).to_lowercase();
    words.iter().all(|word| text.split_whitespace().any(|of_row| of_row.starts_with(word)))
}
