//! A building: its floors and units with their marks, the next unit in the dock, and an act that records "not home" for a whole floor.

mod floor;
mod jump;

use super::act::{Acts, use_acts};
use super::card::{danger_banner, door_acts, names, path, plate, use_not_home};
use crate::hooks::use_call;
use crate::i18n::{t, t_args};
use crate::layout::{Dock, DockLink, Page};
use crate::parts::mark::mark_label;
use crate::parts::{Go, draw, icon, sign};
use crate::route::Route;
use crate::state::floors::{Floor, found, parts};
use floor::part;
use jump::Jump;
use porchlight_model::calls::door::{BuildingView, OpenBuilding, UnitRow};
use porchlight_model::calls::walk::Stop;
use porchlight_model::id::BuildingId;
use porchlight_model::visit::Mark;
use std::collections::BTreeSet;
use std::rc::Rc;
use web_sys::HtmlInputElement;
use yew::prelude::*;
use yew_router::Routable;

/// From this many units on there are a search and a jump to floors.
const MANY_UNITS: usize = 40;

/// The props of [`Building`].
#[derive(Properties, PartialEq)]
pub(super) struct BuildingProps {
    /// The building.
    pub(super) building: BuildingId,
}

/// The page of a building.
#[component]
pub(super) fn Building(props: &BuildingProps) -> Html {
    let view = use_call(OpenBuilding { building: props.building });
    match view.value() {
        Some(view) => html! { <Inside key={props.building.to_string()} view={view.clone()} /> },
        None => html! {
            <Page title={t("place-walk")} back={Route::WalkLast.to_path()} class="building">{ draw(&view, |_| Html::default()) }</Page>
        },
    }
}

/// The props of [`Inside`].
#[derive(Properties, PartialEq)]
struct InsideProps {
    view: Rc<BuildingView>,
}

#[component]
fn Inside(props: &InsideProps) -> Html {
    let view = &props.view;
    let acts = use_acts();
    let opened = use_state(BTreeSet::<Floor>::new);
    let searched = use_state(String::new);
    let is_jumping = use_state(|| false);
    let n_units: usize = view.floors.iter().map(|(_, units)| units.len()).sum();
    let next = next_unit(view);
    let next_floor = next.and_then(|next| floor_of(view, next));
    let open = {
        let (opened, is_jumping) = (opened.clone(), is_jumping.clone());
        Callback::from(move |floors: Vec<Floor>| {
            opened.set(opened.iter().copied().chain(floors).collect());
            is_jumping.set(false);
        })
    };
    let jump = |to: bool| {
        let is_jumping = is_jumping.clone();
        Callback::from(move |()| is_jumping.set(to))
    };
    let under = t_args("building-under", &[("n", n_units.into()), ("left", view.n_left.into())]);
    let dock = html! { <UnitDock view={view.clone()} acts={acts.clone()} /> };
    html! {
        <Page title={view.building.address()} {under} back={Route::Walk { turf: view.turf }.to_path()} class="building" {dock}>
            if n_units > MANY_UNITS { { find(&searched, &jump(true)) } }
            if let Some(note) = view.notes.first() { <p class="building-head"><bdi>{ note }</bdi></p> }
            if searched.trim().is_empty() {
                { for parts(&view.floors, next_floor, &opened).into_iter().map(|one| part(view, one, next, &acts, &open)) }
            } else {
                { hits(view, &searched) }
            }
            if *is_jumping { <Jump view={view.clone()} here={next_floor} on_open={open} onclose={jump(false)} /> }
        </Page>
    }
}

fn next_unit(view: &BuildingView) -> Option<&UnitRow> {
    let next = view.next_unit?;
    view.floors.iter().flat_map(|(_, units)| units).find(|unit| unit.door == next)
}

fn floor_of(view: &BuildingView, unit: &UnitRow) -> Option<Floor> {
    view.floors.iter().find(|(_, units)| units.iter().any(|other| other.door == unit.door)).map(|(floor, _)| *floor)
}

/// A search field for units and names, and the jump to floors.
fn find(searched: &UseStateHandle<String>, on_jump: &Callback<()>) -> Html {
    let oninput = {
        let searched = searched.clone();
        Callback::from(move |event: InputEvent| {
            searched.set(event.target_dyn_into::<HtmlInputElement>().map(|input| input.value()).unwrap_or_default());
        })
    };
    html! {
        <search class="building-find">
            <label class="inp">{ icon("search") }
                <input id="unit-text" type="search" value={(**searched).clone()} {oninput} aria-label={t("building-find")}
                    placeholder={t("building-find")} autocapitalize="characters" autocomplete="off" enterkeyhint="search" /></label>
            <button type="button" class="btn" id="floors" onclick={on_jump.reform(|_: MouseEvent| ())}>{ icon("layers") }{ t("building-floors") }</button>
        </search>
    }
}

/// The units that a search finds, as a list.
fn hits(view: &BuildingView, searched: &str) -> Html {
    let hits = found(&view.floors, searched);
    if hits.is_empty() {
        return html! { <p class="meta" role="status">{ t("building-no-unit") }</p> };
    }
    html! {
        <ul class="list">
            { for hits.into_iter().map(|unit| html! {
                <li key={unit.door.to_string()}><Go to={path(Stop::Door(unit.door))} class="li">
                    { sign(unit.mark) }
                    <span class="grow"><span class="li-title"><b><bdi>{ &unit.unit }</bdi></b></span>
                        <small><b>{ t(mark_label(unit.mark)) }</b>{ " · " }{ names(&unit.names) }</small></span>
                </Go></li>
            }) }
        </ul>
    }
}

/// The props of [`UnitDock`].
#[derive(Properties, PartialEq)]
struct UnitDockProps {
    view: Rc<BuildingView>,
    acts: Acts,
}

/// The dock with the next unit, or with the next stop after the building.
#[component]
fn UnitDock(props: &UnitDockProps) -> Html {
    let view = &props.view;
    let not_home = use_not_home(&props.acts, view.next_unit);
    let Some(unit) = next_unit(view) else { return done_dock(view) };
    let address = format!("{}, {}", view.building.address(), unit.unit);
    let title = match floor_of(view, unit).flatten() {
        Some(floor) => t_args("dock-unit-floor", &[("n", floor.to_string().into())]),
        None => t("dock-next-unit"),
    };
    html! {
        <Dock label={t("dock-next-unit")} shows={unit.door.to_string()} turf={Some(view.turf)}>
            <div class="row">
                <Go to={path(Stop::Door(unit.door))} class="top grow">
                    { plate(&unit.unit) }
                    <span class="grow"><h2>{ title }</h2><span class="where"><bdi>{ view.building.address() }</bdi></span></span>
                    <span class="go">{ icon("chevron-right") }</span>
                </Go>
            </div>
            <p class="who">{ names(&unit.names) }
                if unit.mark != Mark::Todo { { " · " }<b>{ t(mark_label(unit.mark)) }</b> }</p>
            if let Some(danger) = &unit.danger { { danger_banner(&address, &unit.unit, Some(danger)) } }
            { door_acts(unit.door, &unit.voters, &address, &props.acts, &not_home) }
        </Dock>
    }
}

fn done_dock(view: &BuildingView) -> Html {
    let to = view.next.map_or_else(|| Route::Walk { turf: view.turf }.to_path(), path);
    html! {
        <Dock label={t("dock-what-next")} shows="done" turf={Some(view.turf)}>
            <div class="top">{ icon("check-check") }<span class="grow"><h2>{ t("building-done") }</h2>
                <span class="where"><bdi>{ view.building.address() }</bdi></span></span></div>
            <p class="who" />
            <div class="acts one"><DockLink {to} class="main">{ t("act-next-stop") }</DockLink></div>
        </Dock>
    }
}
