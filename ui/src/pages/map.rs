//! A turf as a map, with the same dock as the list: the next door, or one that was tapped.

use super::act::use_acts;
use super::card::{StopDock, address, side_label};
use super::walk::use_dock_row;
use crate::hooks::use_call;
use crate::i18n::t;
use crate::layout::{Page, use_shape};
use crate::map::{Camera, Drawings, MapView, Tap, locate as locate_me, text};
use crate::parts::{Go, draw, icon, sign};
use crate::route::Route;
use crate::state::geo;
use crate::state::place::Shape;
use crate::turf;
use porchlight_model::calls::field::{Stop, TurfMap, TurfMapView, Walk, WalkView};
use porchlight_model::id::TurfId;
use porchlight_model::place::LonLat;
use std::rc::Rc;
use yew::prelude::*;
use yew_router::Routable;

/// How near the map goes to show one door with its neighbours.
const NEAR: f64 = 18.0;

/// What [`Map`] takes.
#[derive(Properties, PartialEq)]
pub(super) struct MapProps {
    /// The turf.
    pub(super) turf: TurfId,
}

/// The map of a turf.
#[component]
pub(super) fn Map(props: &MapProps) -> Html {
    let map = use_call(TurfMap { turf: props.turf });
    let walk = use_call(Walk { turf: props.turf });
    use_effect_with(props.turf, |turf| turf::remember(*turf));
    let title = map.value().map_or_else(|| t("place-map"), |map| map.name.clone().into());
    let both = map.value().zip(walk.value()).map(|(map, walk)| (map.clone(), walk.clone()));
    match both {
        Some((map, walk)) => html! { <Drawn key={props.turf.to_string()} {map} {walk} /> },
        None if map.value().is_none() => html! { <Page {title}>{ draw(&map, |_| Html::default()) }</Page> },
        None => html! { <Page {title}>{ draw(&walk, |_| Html::default()) }</Page> },
    }
}

/// What [`Drawn`] takes.
#[derive(Properties, PartialEq)]
struct DrawnProps {
    map: Rc<TurfMapView>,
    walk: Rc<WalkView>,
}

/// What the map was asked to look at.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
enum Look {
    /// At the door in the dock.
    #[default]
    Door,
    /// At this device.
    Me(LonLat),
    /// At the whole turf.
    All,
}

#[component]
fn Drawn(props: &DrawnProps) -> Html {
    let DrawnProps { map, walk } = props;
    let chosen = use_state(|| None::<(Stop, Option<porchlight_model::time::At>)>);
    let look = use_state(Look::default);
    let is_refused = use_state(|| false);
    let acts = use_acts();
    let (dock_row, pass) = use_dock_row(walk);
    let stop_at = |index: Option<usize>| index.and_then(|index| walk.rows.get(index)).map(|row| row.stop);
    let next = stop_at(dock_row);
    // A door that was tapped stays in the dock until something is recorded there.
    let tapped = chosen.and_then(|(stop, last_at)| {
        walk.rows.iter().position(|row| row.stop == stop && row.last_at == last_at && Some(stop) != next)
    });
    let shown = tapped.or(dock_row);
    let drawings = use_drawings(
        map,
        next,
        stop_at(tapped),
        match *look {
            Look::Me(at) => Some(at),
            Look::Door | Look::All => None,
        },
    );
    let camera = camera(map, shown.and_then(|index| walk.rows.get(index)).and_then(|row| row.at), *look);
    let choose = {
        let (chosen, seen, walk) = (chosen, look.setter(), walk.clone());
        Callback::from(move |stop: Option<Stop>| {
            let row = stop.and_then(|stop| walk.rows.iter().find(|row| row.stop == stop));
            chosen.set(row.map(|row| (row.stop, row.last_at)));
            seen.set(Look::Door);
        })
    };
    let on_pass = {
        let (choose, is_tapped) = (choose.clone(), tapped.is_some());
        Callback::from(move |stop: Stop| if is_tapped { choose.emit(None) } else { pass.emit(stop) })
    };
    let on_tap = {
        let choose = choose.clone();
        Callback::from(move |tap: Tap| {
            if tap.stop.is_some() {
                choose.emit(tap.stop);
            }
        })
    };
    let dock = shown.map(|shown| {
        html! { <StopDock walk={walk.clone()} {shown} next={dock_row} is_tapped={tapped.is_some()} {acts} {on_pass} /> }
    });
    let is_desk = use_shape() == Shape::Desk;
    let side = is_desk.then(|| list(walk, stop_at(shown), &choose));
    html! {
        <Page title={map.name.clone()} class="fills" {side} {dock}>
            { street(walk, shown) }
            if *is_refused { <p class="note-box warn" role="status">{ icon("locate-off") }<span>{ t("map-no-location") }</span></p> }
            <MapView label={t("map-label")} {drawings} {camera} {on_tap} class="map-page" tools={tools(&look, &choose, &is_refused)} />
        </Page>
    }
}

/// The street of the door in the dock, and which side it is on.
fn street(walk: &WalkView, shown: Option<usize>) -> Html {
    let Some(row) = shown.and_then(|index| walk.rows.get(index)) else { return Html::default() };
    html! {
        <p class="street"><b><bdi>{ &row.street }</bdi></b>
            if let Some(side) = side_label(row.side) { <span>{ t(side) }</span> }</p>
    }
}

/// Where to look: at oneself, at the next door, at everything.
fn tools(look: &UseStateHandle<Look>, choose: &Callback<Option<Stop>>, is_refused: &UseStateHandle<bool>) -> Html {
    let me = {
        let (look, is_refused) = (look.clone(), is_refused.clone());
        Callback::from(move |_: MouseEvent| {
            let (look, is_refused) = (look.clone(), is_refused.clone());
            locate_me(move |found| {
                is_refused.set(found.is_none());
                if let Some(at) = found {
                    look.set(Look::Me(at));
                }
            });
        })
    };
    let next = choose.reform(|_: MouseEvent| None);
    let all = {
        let look = look.clone();
        Callback::from(move |_: MouseEvent| look.set(Look::All))
    };
    let is_me = matches!(**look, Look::Me(_));
    html! {
        <div class="float" role="group" aria-label={t("map-look")}>
            <button type="button" class={classes!("btn", is_me.then_some("on"))} id="map-me" onclick={me}>
                { icon(if **is_refused { "locate-off" } else { "locate-fixed" }) }<span>{ t("map-me") }</span></button>
            <button type="button" class="btn" id="map-next" onclick={next}>{ icon("door-closed") }<span>{ t("map-next") }</span></button>
            <button type="button" class="btn" id="map-all" aria-label={t("map-all-label")} onclick={all}>
                { icon("maximize") }<span>{ t("map-all") }</span></button>
        </div>
    }
}

/// The same stops as a list: choosing one shows it on the map.
fn list(walk: &WalkView, shown: Option<Stop>, choose: &Callback<Option<Stop>>) -> Html {
    html! {
        <>
            <h2 class="eyebrow">{ t("walk-list") }</h2>
            <ol class="list map-list">
                { for walk.rows.iter().map(|row| {
                    let stop = row.stop;
                    let is_on = shown == Some(stop);
                    html! {
                        <li key={geo::stop_key(stop)}><button type="button" class={classes!("li", is_on.then_some("on"))}
                            aria-pressed={is_on.to_string()} onclick={choose.reform(move |_: MouseEvent| Some(stop))}>
                            { sign(row.mark) }<span class="grow"><span class="li-title"><bdi>{ address(row) }</bdi></span></span>
                        </button></li>
                    }
                }) }
            </ol>
            <Go to={Route::Walk { turf: walk.turf }.to_path()} class="btn">{ t("map-as-list") }</Go>
        </>
    }
}

#[hook]
fn use_drawings(map: &Rc<TurfMapView>, next: Option<Stop>, tapped: Option<Stop>, me: Option<LonLat>) -> Drawings {
    let ground = use_memo(Rc::as_ptr(map) as usize, |_| {
        let turf = (String::new(), "", &map.outline[..], false);
        (text(&geo::sheet(&map.sheet)), text(&geo::outlines([turf])), text(&geo::line(&map.route)))
    });
    let key = (Rc::as_ptr(map) as usize, next, tapped);
    let stops = use_memo(key, |_| text(&geo::stops(&map.stops, next, tapped)));
    Drawings {
        sheet: Some(ground.0.clone()),
        outlines: Some(ground.1.clone()),
        route: Some(ground.2.clone()),
        stops: Some((*stops).clone()),
        me: me.map(|at| text(&geo::points(&[at]))),
        drawing: None,
        corners: None,
    }
}

fn camera(map: &TurfMapView, door: Option<LonLat>, look: Look) -> Option<Camera> {
    match (look, door) {
        (Look::Me(at), _) | (Look::Door, Some(at)) => Some(Camera::At { at, zoom: NEAR }),
        (Look::All, _) | (Look::Door, None) => geo::bounds(map.stops.iter().map(|stop| stop.at)).map(Camera::Fit),
    }
}
