//! One floor of a building: its units, or a summary line.

use crate::i18n::{t, t_args};
use crate::pages::act::Acts;
use crate::parts::mark::{mark_label, paused};
use crate::parts::{Go, icon, sign};
use crate::route::Route;
use crate::state::floors::{Floor, Part, is_to_do, marks};
use porchlight_model::calls::door::{BuildingView, UnitRow};
use porchlight_model::visit::DoorState;
use yew::prelude::*;
use yew_router::Routable;

/// Draws a part of the page; `open` expands floors.
pub(super) fn part(
    view: &BuildingView,
    part: Part,
    next: Option<&UnitRow>,
    acts: &Acts,
    open: &Callback<Vec<Floor>>,
) -> Html {
    let floor_at = |index: usize| view.floors.get(index);
    match part {
        Part::Open(index) => {
            floor_at(index).map(|(floor, units)| open_floor(view, *floor, units, next, acts)).unwrap_or_default()
        }
        Part::Closed(index) => {
            let Some((floor, units)) = floor_at(index) else { return Html::default() };
            let onclick = open.reform({
                let floor = *floor;
                move |_: MouseEvent| vec![floor]
            });
            fold(floor_name(*floor), in_words(units), onclick)
        }
        Part::Alike(first, last, is_done) => {
            let Some(floors) = view.floors.get(first..=last) else { return Html::default() };
            let numbers: Vec<Floor> = floors.iter().map(|(floor, _)| *floor).collect();
            let n: usize = floors.iter().map(|(_, units)| units.len()).sum();
            let name = |floor: Option<&Floor>| {
                floor.copied().flatten().map_or_else(|| t("building-no-floor").to_string(), |n| n.to_string())
            };
            let args = [("from", name(numbers.first()).into()), ("to", name(numbers.last()).into())];
            let words = t_args(if is_done { "building-all-done" } else { "building-all-to-do" }, &[("n", n.into())]);
            fold(
                t_args("building-floors-from", &args),
                words.to_string(),
                open.reform(move |_: MouseEvent| numbers.clone()),
            )
        }
    }
}

fn fold(title: AttrValue, words: String, onclick: Callback<MouseEvent>) -> Html {
    html! {
        <button type="button" class="li fold" aria-expanded="false" {onclick}>
            { icon("chevron-down") }<span class="grow"><b>{ title }</b><small>{ words }</small></span>
        </button>
    }
}

/// `25 units · 3 talked, 22 to do`.
fn in_words(units: &[UnitRow]) -> String {
    let marks = marks(units).into_iter().map(|(mark, n)| {
        let state = t(mark_label(mark)).to_string();
        t_args("state-count", &[("n", n.into()), ("state", state.into())]).to_string()
    });
    format!("{} · {}", t_args("building-units", &[("n", units.len().into())]), marks.collect::<Vec<_>>().join(", "))
}

fn open_floor(view: &BuildingView, floor: Floor, units: &[UnitRow], next: Option<&UnitRow>, acts: &Acts) -> Html {
    let left: Vec<_> = units.iter().filter(|unit| is_to_do(unit)).map(|unit| unit.door).collect();
    let name = floor_name(floor);
    let all_not_home = {
        let (acts, left, of) = (acts.clone(), left.clone(), format!("{}, {name}", view.building.address()));
        Callback::from(move |_: MouseEvent| acts.not_home(left.clone(), &of))
    };
    let label = t_args("building-all-label", &[("floor", name.to_string().into()), ("n", left.len().into())]);
    let is_long = units.iter().any(|unit| unit.unit.chars().count() > 3);
    html! {
        <section class="floor-part" id={floor_id(floor)} key={floor_id(floor)}>
            <div class="floor">
                <h2>{ name.clone() }<span>{ " · " }{ t_args("building-left", &[("n", left.len().into()), ("of", units.len().into())]) }</span></h2>
                if left.len() > 1 {
                    <button type="button" class="btn bare" aria-label={label} onclick={all_not_home}>{ t("building-all-not-home") }</button>
                }
            </div>
            <ul class={classes!("units", is_long.then_some("long"))}>
                { for units.iter().map(|unit| html! { <li key={unit.door.to_string()}>{ tile(unit, next.is_some_and(|next| next.door == unit.door)) }</li> }) }
            </ul>
        </section>
    }
}

/// A unit with its mark and label.
fn tile(unit: &UnitRow, is_next: bool) -> Html {
    let class = match unit.state {
        _ if is_next => Some("on"),
        DoorState::Talked | DoorState::Refused | DoorState::Moved => Some("done"),
        DoorState::Danger => Some("bad"),
        DoorState::Todo
        | DoorState::Part
        | DoorState::NotHome
        | DoorState::Flyer
        | DoorState::Shut
        | DoorState::Language
        | DoorState::ComeBack => None,
    };
    let word = match &unit.danger {
        Some(danger) if !danger.reason.is_empty() => AttrValue::from(danger.reason.clone()),
        _ if is_next => t("building-next"),
        _ => t(mark_label(unit.mark)),
    };
    html! {
        <Go to={Route::Door { door: unit.door }.to_path()} class={classes!("unit", class)}>
            { sign(unit.mark) }if unit.has_draft { { paused() } }<bdi>{ &unit.unit }</bdi>{ " " }<small>{ word }</small>
            if unit.has_draft { <span class="unseen">{ " " }{ t("half-here") }</span> }<span class="unseen">{ " " }{ unit.names.join(", ") }</span>
        </Go>
    }
}

/// The name of a floor.
pub(super) fn floor_name(floor: Floor) -> AttrValue {
    match floor {
        Some(floor) => t_args("building-floor", &[("n", floor.to_string().into())]),
        None => t("building-no-floor"),
    }
}

/// The id of a floor in the page.
pub(super) fn floor_id(floor: Floor) -> String {
    floor.map_or_else(|| "floor-other".to_owned(), |floor| format!("floor-{floor}"))
}
