//! A turf as a map, with the next door under the thumb; beside it, or one tap away, the same doors as a list.

use super::act::use_acts;
use super::walk::{NextCard, address, path};
use crate::hooks::use_call;
use crate::i18n::t;
use crate::layout::{Page, use_shape};
use crate::map::{Camera, Drawings, MapView, Tap, locate as locate_me, text};
use crate::parts::{Go, Mark, draw};
use crate::route::Route;
use crate::state::geo;
use crate::state::place::Shape;
use crate::turf;
use porchlight_model::calls::field::{Stop, TurfMap, TurfMapView, Walk, WalkRow, WalkView};
use porchlight_model::id::TurfId;
use porchlight_model::place::LonLat;
use std::rc::Rc;
use yew::prelude::*;
use yew_router::Routable;

/// How near the map goes to show one door with its neighbours.
const NEAR: f64 = 17.0;

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

#[component]
fn Drawn(props: &DrawnProps) -> Html {
    let DrawnProps { map, walk } = props;
    let chosen = use_state(|| None::<Stop>);
    let me = use_state(|| None::<LonLat>);
    let acts = use_acts();
    let next = walk.next.and_then(|index| walk.rows.get(index)).map(|row| row.stop);
    let shown = chosen.or(next);
    let row = shown.and_then(|stop| walk.rows.iter().find(|row| row.stop == stop));
    let drawings = use_drawings(map, shown, *me);
    let camera = use_camera_at(map, row.and_then(|row| row.at), *me);
    let on_tap = {
        let chosen = chosen.clone();
        Callback::from(move |tap: Tap| chosen.set(tap.stop))
    };
    let locate = {
        let me = me;
        Callback::from(move |_: MouseEvent| {
            let me = me.clone();
            locate_me(move |at| me.set(Some(at)));
        })
    };
    let is_desk = use_shape() == Shape::Desk;
    let side = is_desk.then(|| list(walk, shown, &chosen));
    html! {
        <Page title={map.name.clone()} class="fills" {side}>
            <MapView label={t("map-label")} {drawings} {camera} {on_tap} class="map-page">
                <button type="button" class="map-locate btn" onclick={locate}>{ t("map-locate") }</button>
                if let Some(row) = row {
                    if chosen.is_some() && *chosen != next {
                        { chosen_card(row) }
                    } else {
                        <NextCard row={Rc::new(row.clone())} {acts} />
                    }
                }
            </MapView>
        </Page>
    }
}

fn chosen_card(row: &WalkRow) -> Html {
    html! {
        <section class="card next">
            <div class="row">
                <Mark state={row.state} />
                <div class="grow"><h2 class="addr">{ address(row) }</h2><p class="who cut">{ row.names.join(" · ") }</p></div>
                <Go to={path(row.stop)} class="btn main">{ t("act-open") }</Go>
            </div>
        </section>
    }
}

/// The same stops as a list: choosing one shows it on the map.
fn list(walk: &WalkView, shown: Option<Stop>, chosen: &UseStateHandle<Option<Stop>>) -> Html {
    html! {
        <>
            <h2 class="eyebrow">{ t("walk-list") }</h2>
            <ol class="list map-list">
                { for walk.rows.iter().map(|row| {
                    let (stop, chosen) = (row.stop, chosen.clone());
                    let onclick = Callback::from(move |_: MouseEvent| chosen.set(Some(stop)));
                    let is_on = shown == Some(stop);
                    html! {
                        <li key={geo::stop_key(stop)}><button type="button" class={classes!("li", is_on.then_some("on"))} aria-pressed={is_on.to_string()} {onclick}>
                            <Mark state={row.state} /><span class="grow"><span class="li-title">{ address(row) }</span></span>
                        </button></li>
                    }
                }) }
            </ol>
            <Go to={Route::Walk { turf: walk.turf }.to_path()} class="btn">{ t("map-as-list") }</Go>
        </>
    }
}

#[hook]
fn use_drawings(map: &Rc<TurfMapView>, shown: Option<Stop>, me: Option<LonLat>) -> Drawings {
    let ground = use_memo(Rc::as_ptr(map) as usize, |_| {
        let turf = (String::new(), "", &map.outline[..], false);
        (text(&geo::sheet(&map.sheet)), text(&geo::outlines([turf])), text(&geo::line(&map.route)))
    });
    let stops = use_memo((Rc::as_ptr(map) as usize, shown), |_| text(&geo::stops(&map.stops, shown)));
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

/// Looks at the door that is shown, or at all of the turf; at this device when it was just located.
#[hook]
fn use_camera_at(map: &Rc<TurfMapView>, door: Option<LonLat>, me: Option<LonLat>) -> Option<Camera> {
    let located = use_mut_ref(|| None::<LonLat>);
    if me != *located.borrow() {
        *located.borrow_mut() = me;
        return me.map(|at| Camera::At { at, zoom: NEAR });
    }
    match door {
        Some(at) => Some(Camera::At { at, zoom: NEAR }),
        None => geo::bounds(map.stops.iter().map(|stop| stop.at)).map(Camera::Fit),
    }
}
