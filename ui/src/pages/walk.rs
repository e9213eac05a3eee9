//! A turf as a list in walking order: the next door is one tap away.

use super::act::{Acts, use_acts};
use crate::hooks::use_call;
use crate::i18n::{t, t_args};
use crate::layout::Page;
use crate::paint::after_paint;
use crate::parts::{Empty, Go, StateBar, draw, mark, use_go_of_list};
use crate::route::Route;
use crate::turf;
use crate::when;
use porchlight_model::calls::field::{Stop, Walk as WalkCall, WalkRow, WalkView};
use porchlight_model::id::TurfId;
use porchlight_model::visit::{DoorState, ResultCode};
use std::cell::Cell;
use std::rc::Rc;
use yew::prelude::*;
use yew_router::Routable;

/// What [`Walk`] takes.
#[derive(Properties, PartialEq)]
pub(super) struct WalkProps {
    /// The turf.
    pub(super) turf: TurfId,
}

/// The list of a turf.
#[component]
pub(super) fn Walk(props: &WalkProps) -> Html {
    let walk = use_call(WalkCall { turf: props.turf });
    let acts = use_acts();
    use_effect_with(props.turf, |turf| turf::remember(*turf));
    let title = walk.value().map_or_else(|| t("place-walk"), |walk| walk.name.clone().into());
    html! { <Page {title} class="walk">{ draw(&walk, |walk| list(walk, &acts)) }</Page> }
}

fn list(walk: &Rc<WalkView>, acts: &Acts) -> Html {
    if walk.rows.is_empty() {
        return html! { <Empty title={t("walk-empty-title")} what_next={t("walk-empty-body")} /> };
    }
    html! {
        <>
            { walk.new_wave.as_deref().map(turf::new_wave) }
            { far(walk) }
            { next_card(walk, acts) }
            <List walk={walk.clone()} />
        </>
    }
}

/// How far the turf has come.
fn far(walk: &WalkView) -> Html {
    let todo = walk.by_state.get(&DoorState::Todo).copied().unwrap_or(0);
    let done = walk.n_doors.saturating_sub(todo);
    let left = match walk.doors_per_hour {
        Some(pace) => t_args("walk-left-pace", &[("minutes", walk.minutes_left.into()), ("pace", pace.into())]),
        None => t_args("walk-left", &[("minutes", walk.minutes_left.into())]),
    };
    html! {
        <>
            <div class="meta">
                <span>{ t_args("walk-done", &[("done", done.into()), ("n", walk.n_doors.into())]) }</span>
                if todo > 0 { <span>{ left }</span> }
            </div>
            <div class="walk-bar"><StateBar by_state={walk.by_state.clone()} n_doors={walk.n_doors} /></div>
        </>
    }
}

fn next_card(walk: &WalkView, acts: &Acts) -> Html {
    let Some(row) = walk.next.and_then(|index| walk.rows.get(index)) else {
        return html! {
            <section class="card done-card">
                <h2 class="addr">{ t("walk-done-title") }</h2>
                <p class="who">{ t("walk-done-body") }</p>
                <Go to={Route::Shift { turf: walk.turf }.to_path()} class="btn main">{ t("walk-end") }</Go>
            </section>
        };
    };
    html! { <NextCard row={Rc::new(row.clone())} acts={acts.clone()} /> }
}

/// What [`NextCard`] takes.
#[derive(Properties, PartialEq)]
pub(super) struct NextCardProps {
    /// The stop.
    pub(super) row: Rc<WalkRow>,
    /// What can be done there.
    pub(super) acts: Acts,
}

/// The next stop, with the two things that are done most.
#[component]
pub(super) fn NextCard(props: &NextCardProps) -> Html {
    let row = &props.row;
    let address = address(row);
    html! {
        <section class="card next" id="next">
            <div class="row sp">
                <h2 class="eyebrow">{ t("walk-next") }</h2>
                if row.walk_m > 0 { <span class="who">{ t_args("walk-ahead", &[("m", row.walk_m.into())]) }</span> }
            </div>
            <p class="addr">{ address.clone() }</p>
            <p class="who">{ line(row) }</p>
            { buttons(row, &address, &props.acts) }
        </section>
    }
}

fn buttons(row: &WalkRow, address: &str, acts: &Acts) -> Html {
    match row.stop {
        Stop::Door(door) => {
            let not_home = {
                let (acts, address) = (acts.clone(), address.to_owned());
                Callback::from(move |_: MouseEvent| acts.record(door, None, ResultCode::NotHome, &address))
            };
            html! {
                <div class="row next-buttons">
                    <button type="button" class="btn grow" id="not-home" disabled={acts.is_busy()} onclick={not_home}>
                        { t("act-not-home") }</button>
                    <Go to={Route::Door { door }.to_path()} class="btn main grow">{ t("act-open") }</Go>
                </div>
            }
        }
        Stop::Building(building) => html! {
            <div class="row next-buttons">
                <Go to={Route::Building { building }.to_path()} class="btn main grow">{ t("act-open-building") }</Go>
            </div>
        },
    }
}

/// What [`List`] takes.
#[derive(Properties, PartialEq)]
struct ListProps {
    walk: Rc<WalkView>,
}

/// The whole turf.
#[component]
fn List(props: &ListProps) -> Html {
    let onclick = use_go_of_list();
    let walk = &props.walk;
    let n_drawn = use_n_drawn(walk.rows.len());
    html! {
        <ol class="list doors" aria-label={t("walk-list")} aria-busy={(n_drawn < walk.rows.len()).then_some("true")} {onclick}>
            { for (0..n_drawn).step_by(ROWS_TOGETHER).map(|from| html! { <Rows walk={walk.clone()} {from} key={from} /> }) }
        </ol>
    }
}

/// How many of the rows are drawn: when the app has just started the first screens of them, and the rest once those are
/// painted; on a slow phone that is a third of a second. Later lists are drawn whole, for they open where they were left.
#[hook]
fn use_n_drawn(n_rows: usize) -> usize {
    let is_whole = use_state(|| WAS_DRAWN.replace(true));
    let whole = is_whole.clone();
    use_effect_with((), move |()| {
        if !*whole {
            after_paint(move || whole.set(true));
        }
    });
    if *is_whole { n_rows } else { n_rows.min(FIRST_ROWS) }
}

thread_local! {
    /// Whether a list was drawn since the app started.
    static WAS_DRAWN: Cell<bool> = const { Cell::new(false) };
}

/// How many rows are drawn first: more than the tallest screen shows below the next door.
const FIRST_ROWS: usize = 2 * ROWS_TOGETHER;

/// How many rows are compared and drawn as one.
const ROWS_TOGETHER: usize = 16;

/// What [`Rows`] takes.
#[derive(Properties)]
struct RowsProps {
    walk: Rc<WalkView>,
    from: usize,
}

impl RowsProps {
    fn rows(&self) -> &[WalkRow] {
        let to = (self.from + ROWS_TOGETHER).min(self.walk.rows.len());
        self.walk.rows.get(self.from..to).unwrap_or_default()
    }

    /// The place of the next door among these rows, if it is one of them.
    fn next(&self) -> Option<usize> {
        self.walk.next?.checked_sub(self.from).filter(|place| *place < ROWS_TOGETHER)
    }
}

impl PartialEq for RowsProps {
    fn eq(&self, other: &Self) -> bool {
        self.from == other.from && self.next() == other.next() && self.rows() == other.rows()
    }
}

/// Some rows of the list, drawn anew only when one of them has changed.
#[component]
fn Rows(props: &RowsProps) -> Html {
    let next = props.next();
    props.rows().iter().enumerate().map(|(place, shown)| row(shown, next == Some(place))).collect()
}

/// One stop of the list.
fn row(row: &WalkRow, is_next: bool) -> Html {
    html! {
        <li class={is_next.then_some("is-next")} key={key(row.stop)}>
            <a href={path(row.stop)} class="li">
                { mark(row.state) }
                <span class="grow">
                    <span class="li-title"><b>{ &row.number }</b>{ " " }{ &row.street }
                        if row.n_doors > 1 { { t_args("walk-building", &[("n", row.n_doors.into())]) } }
                    </span>
                    <span class="who cut">{ line(row) }</span>
                </span>
                if let Some(at) = row.last_at { <span class="who when">{ when::moment(at) }</span> }
            </a>
        </li>
    }
}

/// What is known of a stop, on one line.
fn line(row: &WalkRow) -> String {
    let mut parts: Vec<String> = Vec::new();
    if row.n_doors > 1 {
        parts.push(t_args("walk-units-left", &[("n", row.n_left.into())]).to_string());
    } else if row.names.is_empty() {
        parts.push(t("door-nobody-listed").to_string());
    } else {
        parts.push(row.names.join(" · "));
    }
    if !row.note.is_empty() {
        parts.push(row.note.clone());
    }
    if row.state == DoorState::Danger {
        parts.insert(0, t("walk-do-not-knock").to_string());
    }
    parts.join(" · ")
}

/// `27 Maple Street`.
pub(super) fn address(row: &WalkRow) -> String {
    format!("{} {}", row.number, row.street)
}

/// The page of a stop.
pub(super) fn path(stop: Stop) -> String {
    match stop {
        Stop::Door(door) => Route::Door { door }.to_path(),
        Stop::Building(building) => Route::Building { building }.to_path(),
    }
}

fn key(stop: Stop) -> String {
    crate::state::geo::stop_key(stop)
}
