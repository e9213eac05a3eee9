//! The card in the dock: the next door, a tapped door, a building, or a danger on the way. It is the same on list and map.

use super::act::Acts;
use crate::clock;
use crate::i18n::{t, t_args};
use crate::layout::{Dock, DockAct, DockLink, next_door};
use crate::parts::mark::mark_label;
use crate::parts::{Go, icon};
use crate::route::Route;
use crate::state::geo::stop_key;
use crate::when;
use porchlight_model::calls::door::Danger;
use porchlight_model::calls::walk::{Stop, WalkRow, WalkView};
use porchlight_model::id::{DoorId, VoterId};
use porchlight_model::place::Side;
use porchlight_model::time::At;
use porchlight_model::visit::{DoorState, Mark, ResultCode};
use std::rc::Rc;
use yew::prelude::*;
use yew_router::Routable;

/// For how long, in milliseconds, the act of a card is not repeated while the updated list has not arrived.
const SAME_ACT_MS: i64 = 5_000;

/// The props of [`StopDock`].
#[derive(Properties, PartialEq)]
pub(super) struct StopDockProps {
    /// The turf.
    pub(super) walk: Rc<WalkView>,
    /// The row that is shown.
    pub(super) shown: usize,
    /// The next row in walking order.
    pub(super) next: Option<usize>,
    /// Whether the person tapped it.
    #[prop_or_default]
    pub(super) is_tapped: bool,
    /// The distance from this device in a straight line, in metres, if known.
    #[prop_or_default]
    pub(super) away_m: Option<u32>,
    /// The acts that the page offers.
    pub(super) acts: Acts,
    /// Passes a danger, or goes back from a tapped door to the next.
    pub(super) on_pass: Callback<Stop>,
}

/// The dock with one stop.
#[component]
pub(super) fn StopDock(props: &StopDockProps) -> Html {
    let door = props.walk.rows.get(props.shown).and_then(|row| match row.stop {
        Stop::Door(door) => Some(door),
        Stop::Building(_) => None,
    });
    let not_home = use_not_home(&props.acts, door);
    let Some(row) = props.walk.rows.get(props.shown) else { return Html::default() };
    let stop = row.stop;
    let pass = props.on_pass.reform(move |_: MouseEvent| stop);
    let next = props.next.and_then(|index| props.walk.rows.get(index)).filter(|next| next.stop != stop);
    let class = props.is_tapped.then_some("tap");
    let body = match (row.state, stop) {
        (DoorState::Danger, _) => danger_card(row, next, props.is_tapped, &pass),
        (_, Stop::Door(door)) => html! {
            <>
                { top(row, next, props.is_tapped, props.away_m, &pass) }
                { who(row, props.is_tapped) }
                { door_acts(door, &row.voters, &address(row), &props.acts, &not_home) }
            </>
        },
        (_, Stop::Building(building)) => html! {
            <>
                { top(row, next, props.is_tapped, props.away_m, &pass) }
                <p class="who"><bdi>{ &row.note }</bdi></p>
                <div class="acts one">
                    <DockLink to={Route::Building { building }.to_path()} class="main">{ t("act-units") }</DockLink>
                </div>
            </>
        },
    };
    // A danger that is told or lifted changes the acts as another door would.
    let is_danger = row.state == DoorState::Danger;
    let shows = format!("{}{}", stop_key(stop), if is_danger { "/danger" } else { "" });
    html! { <Dock label={next_door()} {shows} turf={Some(props.walk.turf)} class={classes!(class)}>{ body }</Dock> }
}

/// The two most frequent acts at a door: "not home" at the left, talk at the right.
pub(super) fn door_acts(
    door: DoorId,
    voters: &[VoterId],
    address: &str,
    acts: &Acts,
    not_home: &Callback<(DoorId, String)>,
) -> Html {
    let talk = match voters {
        [voter] => Route::Talk { door, voter: *voter },
        _ => Route::Door { door },
    };
    let not_home = {
        let (not_home, address) = (not_home.clone(), address.to_owned());
        Callback::from(move |_: MouseEvent| not_home.emit((door, address.clone())))
    };
    html! {
        <div class="acts">
            <DockAct id="not-home" class="ink" is_busy={acts.is_busy()} onclick={not_home}>{ t("act-not-home") }</DockAct>
            <DockLink to={talk.to_path()} class="main">{ t("act-talk") }</DockLink>
        </div>
    }
}

/// Number, street and side; a tap on it opens the door.
fn top(
    row: &WalkRow,
    next: Option<&WalkRow>,
    is_tapped: bool,
    away_m: Option<u32>,
    pass: &Callback<MouseEvent>,
) -> Html {
    html! {
        <div class="row">
            <Go to={path(row.stop)} class="top grow">
                { plate(&row.number) }
                <span class="grow"><h2><bdi>{ &row.street }</bdi></h2><span class="where">{ place(row, is_tapped, away_m) }</span></span>
                if !is_tapped || next.is_none() { <span class="go">{ icon("chevron-right") }</span> }
            </Go>
            if let (true, Some(next)) = (is_tapped, next) {
                <button type="button" class="btn" id="to-next" onclick={pass}>
                    { icon("x") }<span>{ t_args("dock-to", &[("number", next.number.as_str().into())]) }</span></button>
            }
        </div>
    }
}

/// A house number or unit, framed like a plate at a door.
pub(super) fn plate(number: &str) -> Html {
    let is_long = number.chars().count() > 3;
    html! { <span class={classes!("plate", is_long.then_some("long"))}><bdi>{ number.to_owned() }</bdi></span> }
}

fn place(row: &WalkRow, is_tapped: bool, away_m: Option<u32>) -> String {
    let walked = (row.walk_m > 0 && !is_tapped).then(|| t_args("dock-ahead", &[("m", row.walk_m.into())]).to_string());
    let ahead = away_m.map(|m| t_args("dock-away", &[("m", m.into())]).to_string()).or(walked);
    let side = side_label(row.side).map(|side| t(side).to_string());
    let parts: Vec<String> = if row.n_doors > 1 {
        let units = t_args("dock-units", &[("n", row.n_doors.into()), ("left", row.n_left.into())]).to_string();
        ahead.into_iter().chain([units]).collect()
    } else if is_tapped {
        vec![t("dock-tapped").to_string()]
    } else {
        ahead.into_iter().chain(side).collect()
    };
    parts.join(", ")
}

/// The message id for a side of the street.
pub(super) const fn side_label(side: Side) -> Option<&'static str> {
    match side {
        Side::Odd => Some("side-odd"),
        Side::Even => Some("side-even"),
        Side::Unknown => None,
    }
}

/// Who lives there, and what is known of them.
fn who(row: &WalkRow, is_tapped: bool) -> Html {
    let mark = (is_tapped || row.mark != Mark::Todo).then(|| t(mark_label(row.mark)));
    html! {
        <p class="who">
            { names(&row.names) }
            if let Some(mark) = mark { { " · " }<b>{ mark }</b> }
            if !row.note.is_empty() { { " · " }<bdi>{ &row.note }</bdi> }
        </p>
    }
}

/// Names, each in its own writing direction; or that nobody is listed.
pub(super) fn names(names: &[String]) -> Html {
    if names.is_empty() {
        return html! { { t("door-nobody-listed") } };
    }
    html! { { for names.iter().enumerate().map(|(place, name)| html! {
        <>if place > 0 { { " · " } }<bdi>{ name }</bdi></>
    }) } }
}

/// The card of a dangerous door: the danger, and the way to pass it.
fn danger_card(row: &WalkRow, next: Option<&WalkRow>, is_tapped: bool, pass: &Callback<MouseEvent>) -> Html {
    let address = address(row);
    let on = match next {
        Some(next) if is_tapped => t_args("dock-back-to", &[("number", next.number.as_str().into())]),
        Some(next) => t_args("dock-skip-to", &[("number", next.number.as_str().into())]),
        None => t("dock-skip"),
    };
    html! {
        <>
            { danger_banner(&address, &row.number, row.danger.as_ref()) }
            <p class="who">{ t("danger-keep-away") }</p>
            <div class="acts">
                <DockLink to={path(row.stop)}>{ t("danger-read") }</DockLink>
                <DockAct id="skip" class="ink" onclick={pass}>
                    if !is_tapped { { icon("arrow-right") } }<span>{ on }</span></DockAct>
            </div>
        </>
    }
}

/// A danger with its reason, and who saw it when.
pub(super) fn danger_banner(address: &str, number: &str, danger: Option<&Danger>) -> Html {
    let number = number.to_owned();
    let reason = danger.map(reason).unwrap_or_else(|| t("danger-no-reason").to_string());
    html! {
        <div class="banner danger" role="alert">
            <svg class="ic l" aria-hidden="true"><use href="#i-triangle-alert" /></svg>
            <span><b><span class="wide">{ t("danger-at") }{ " " }<bdi>{ address.to_owned() }</bdi></span>
                <bdi class="tight">{ number }</bdi>{ ": " }<bdi>{ reason }</bdi></b>
                if let Some(danger) = danger { <small>{ seen(danger) }</small> }</span>
        </div>
    }
}

/// What the danger is.
pub(super) fn reason(danger: &Danger) -> String {
    if danger.reason.is_empty() { t("danger-no-reason").to_string() } else { danger.reason.clone() }
}

/// Who saw it when.
pub(super) fn seen(danger: &Danger) -> Html {
    let name = if danger.by_name.is_empty() { t("history-someone").to_string() } else { danger.by_name.clone() };
    html! { <><bdi>{ name }</bdi>{ ", " }{ when::moment(danger.at) }</> }
}

/// A callback that records "not home" for a door, given with its address. A card does this once, until it has shown
/// another door; after an undo the same door can be recorded again at once.
#[hook]
pub(super) fn use_not_home(acts: &Acts, shown: Option<DoorId>) -> Callback<(DoorId, String)> {
    let done = use_mut_ref(|| None::<(DoorId, At)>);
    let last = done.clone();
    use_memo(shown, move |_| last.replace(None));
    let acts = acts.clone();
    Callback::from(move |(door, address): (DoorId, String)| {
        let now = clock::now();
        let is_same = |(before, at): (DoorId, At)| before == door && now.since_ms(at) < SAME_ACT_MS;
        if !acts.has_failed() && done.borrow().is_some_and(is_same) {
            return;
        }
        done.replace(Some((door, now)));
        acts.record(door, None, ResultCode::NotHome, &address);
    })
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
