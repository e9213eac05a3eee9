//! A building: its floors and units, each with its mark, and a whole floor at once where nobody is home.

use super::act::{Acts, use_acts};
use super::walk::path;
use crate::hooks::use_call;
use crate::i18n::{t, t_args};
use crate::layout::Page;
use crate::parts::mark::state_label;
use crate::parts::{Go, Mark, Sheet, draw};
use crate::route::Route;
use porchlight_model::calls::field::{BuildingView, OpenBuilding, UnitRow};
use porchlight_model::id::BuildingId;
use porchlight_model::visit::DoorState;
use web_sys::HtmlInputElement;
use yew::prelude::*;
use yew_router::prelude::*;

/// What [`Building`] takes.
#[derive(Properties, PartialEq)]
pub(super) struct BuildingProps {
    /// The building.
    pub(super) building: BuildingId,
}

/// The page of a building.
#[component]
pub(super) fn Building(props: &BuildingProps) -> Html {
    let view = use_call(OpenBuilding { building: props.building });
    let acts = use_acts();
    let is_choosing = use_state(|| false);
    let (title, back) = view.value().map_or_else(
        || (t("place-walk"), Route::WalkLast.to_path()),
        |view| (view.building.address().into(), Route::Walk { turf: view.turf }.to_path()),
    );
    let set = |to: bool| {
        let is_choosing = is_choosing.clone();
        move || is_choosing.set(to)
    };
    let (open, close) = (set(true), set(false));
    html! {
        <Page {title} {back} class="building">
            { draw(&view, |view| html! {
                <>
                    { head(view) }
                    <div class="row building-tools">
                        <GoToUnit units={all_units(view).cloned().collect::<Vec<_>>()} />
                        <button type="button" class="btn" onclick={Callback::from(move |_: MouseEvent| open())}
                            disabled={view.n_left == 0}>{ t("building-floor-not-home") }</button>
                    </div>
                    { for view.floors.iter().map(|(floor, units)| floor_row(*floor, units)) }
                    if let Some(next) = view.next {
                        <div class="pad"><Go to={path(next)} class="btn wide">{ t("act-next-stop") }</Go></div>
                    }
                    if *is_choosing {
                        <Sheet title={t("building-floor-not-home")} onclose={Callback::from(move |()| close())}>
                            { floors_to_choose(view, &acts, &is_choosing) }
                        </Sheet>
                    }
                </>
            }) }
        </Page>
    }
}

fn head(view: &BuildingView) -> Html {
    let n = all_units(view).count();
    html! {
        <>
            <div class="meta">
                <span>{ t_args("building-units", &[("n", n.into())]) }{ " · " }
                    { t_args("building-left", &[("n", view.n_left.into())]) }</span>
            </div>
            if !view.notes.is_empty() {
                <ul class="card notes">
                    { for view.notes.iter().take(3).map(|note| html! { <li>{ note }</li> }) }
                </ul>
            }
        </>
    }
}

fn floor_row(floor: Option<u32>, units: &[UnitRow]) -> Html {
    html! {
        <section class="floor">
            <h2>{ floor_name(floor) }</h2>
            <ul class="units">
                { for units.iter().map(|unit| html! {
                    <li><Go to={Route::Door { door: unit.door }.to_path()} class="unit" label={unit_label(unit)}>
                        <Mark state={unit.state} is_small=true is_silent=true /><span>{ &unit.unit }</span>
                    </Go></li>
                }) }
            </ul>
        </section>
    }
}

/// The floors where someone is still to be knocked for.
fn floors_to_choose(view: &BuildingView, acts: &Acts, is_choosing: &UseStateHandle<bool>) -> Html {
    let floors = view.floors.iter().filter_map(|(floor, units)| {
        let doors: Vec<_> = units.iter().filter(|unit| unit.state == DoorState::Todo).map(|unit| unit.door).collect();
        (!doors.is_empty()).then_some((floor_name(*floor), doors))
    });
    html! {
        <>
            <p class="who">{ t("building-floor-hint") }</p>
            <div class="stack choices">
                { for floors.map(|(name, doors)| {
                    let (acts, is_choosing, of, n) = (acts.clone(), is_choosing.clone(), name.to_string(), doors.len());
                    let onclick = Callback::from(move |_: MouseEvent| {
                        acts.not_home(doors.clone(), &of);
                        is_choosing.set(false);
                    });
                    html! {
                        <button type="button" class="btn sp" {onclick}><span>{ name }</span>
                            <span class="who">{ t_args("building-doors", &[("n", n.into())]) }</span></button>
                    }
                }) }
            </div>
        </>
    }
}

/// What [`GoToUnit`] takes.
#[derive(Properties, PartialEq)]
struct GoToUnitProps {
    units: Vec<UnitRow>,
}

/// Type a unit's name and be there.
#[component]
fn GoToUnit(props: &GoToUnitProps) -> Html {
    let input = use_node_ref();
    let is_missing = use_state(|| false);
    let navigator = use_navigator();
    let onsubmit = {
        let (input, is_missing, units) = (input.clone(), is_missing.clone(), props.units.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let typed = input.cast::<HtmlInputElement>().map(|input| input.value()).unwrap_or_default();
            let found = units.iter().find(|unit| unit.unit.eq_ignore_ascii_case(typed.trim()));
            is_missing.set(found.is_none() && !typed.trim().is_empty());
            if let (Some(navigator), Some(unit)) = (&navigator, found) {
                navigator.push(&Route::Door { door: unit.door });
            }
        })
    };
    html! {
        <form class="grow" {onsubmit}>
            <input ref={input} class="input" aria-label={t("building-go-to")} placeholder={t("building-go-to")}
                list="unit-names" enterkeyhint="go" autocapitalize="characters" autocomplete="off" aria-invalid={is_missing.then_some("true")} />
            <datalist id="unit-names">{ for props.units.iter().map(|unit| html! { <option value={unit.unit.clone()} /> }) }</datalist>
            if *is_missing { <p class="field-error" role="alert">{ t("building-no-unit") }</p> }
        </form>
    }
}

fn floor_name(floor: Option<u32>) -> AttrValue {
    match floor {
        Some(floor) => t_args("building-floor", &[("n", floor.to_string().into())]),
        None => t("building-no-floor"),
    }
}

fn unit_label(unit: &UnitRow) -> AttrValue {
    let state = t(state_label(unit.state)).to_string();
    t_args(
        "building-unit",
        &[("unit", unit.unit.as_str().into()), ("state", state.into()), ("names", unit.names.join(", ").into())],
    )
}

fn all_units(view: &BuildingView) -> impl Iterator<Item = &UnitRow> {
    view.floors.iter().flat_map(|(_, units)| units)
}
