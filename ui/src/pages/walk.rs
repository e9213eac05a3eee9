//! A turf as a list in walking order: the next door is one tap away.

use super::act::{Acts, use_acts};
use crate::hooks::use_call;
use crate::i18n::{t, t_args};
use crate::layout::Page;
use crate::parts::{Empty, Go, Mark, StateBar, draw};
use crate::route::Route;
use crate::turf;
use crate::when;
use porchlight_model::calls::field::{Stop, Walk as WalkCall, WalkRow, WalkView};
use porchlight_model::id::TurfId;
use porchlight_model::visit::{DoorState, ResultCode};
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
            { far(walk) }
            { next_card(walk, acts) }
            <ol class="list doors" aria-label={t("walk-list")}>
                { for walk.rows.iter().enumerate().map(|(index, row)| html! {
                    <Row row={Rc::new(row.clone())} is_next={walk.next == Some(index)} key={key(row.stop)} />
                }) }
            </ol>
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

/// What [`Row`] takes.
#[derive(Properties, PartialEq)]
struct RowProps {
    row: Rc<WalkRow>,
    is_next: bool,
}

/// One stop of the list.
#[component]
fn Row(props: &RowProps) -> Html {
    let row = &props.row;
    html! {
        <li class={props.is_next.then_some("is-next")}>
            <Go to={path(row.stop)} class="li">
                <Mark state={row.state} />
                <span class="grow">
                    <span class="li-title"><b>{ &row.number }</b>{ " " }{ &row.street }
                        if row.n_doors > 1 { { t_args("walk-building", &[("n", row.n_doors.into())]) } }
                    </span>
                    <span class="who cut">{ line(row) }</span>
                </span>
                if let Some(at) = row.last_at { <span class="who when">{ when::moment(at) }</span> }
            </Go>
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
