//! A turf as a map, with the same dock as the list: the next door, or a tapped one.

use super::act::use_acts;
use super::card::{StopDock, address, side_label};
use super::walk::use_dock_row;
use crate::hooks::use_call;
use crate::i18n::t;
use crate::layout::{Page, use_shape};
use crate::map::{Camera, Drawings, Here, MapView, Tap, Watch, text};
use crate::paint::after_paint;
use crate::parts::{Go, draw, icon, sign};
use crate::route::Route;
use crate::state::geo::{self, Outlined};
use crate::state::place::Shape;
use crate::turf;
use porchlight_model::calls::walk::{Stop, TurfMap, TurfMapView, Walk, WalkView};
use porchlight_model::id::TurfId;
use porchlight_model::place::LonLat;
use std::rc::Rc;
use yew::prelude::*;
use yew_router::Routable;

/// The zoom that shows one door with its neighbours.
const NEAR: f64 = 18.0;

/// The props of [`Map`].
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

/// The props of [`Drawn`].
#[derive(Properties, PartialEq)]
struct DrawnProps {
    map: Rc<TurfMapView>,
    walk: Rc<WalkView>,
}

/// What the map shows.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
enum Look {
    /// The door in the dock.
    #[default]
    Door,
    /// The position of this device, followed as it moves.
    Me,
    /// Wherever it was moved by hand.
    Free,
    /// The whole turf.
    All,
}

#[component]
fn Drawn(props: &DrawnProps) -> Html {
    let DrawnProps { map, walk } = props;
    let chosen = use_state(|| None::<(Stop, Option<porchlight_model::time::At>)>);
    let look = use_state(Look::default);
    let finding = use_finding(&look);
    let acts = use_acts();
    let (dock_row, pass) = use_dock_row(walk);
    let stop_at = |index: Option<usize>| index.and_then(|index| walk.rows.get(index)).map(|row| row.stop);
    let next = stop_at(dock_row);
    // A door that was tapped stays in the dock until something is recorded there.
    let tapped = chosen.and_then(|(stop, last_at)| {
        walk.rows.iter().position(|row| row.stop == stop && row.last_at == last_at && Some(stop) != next)
    });
    let shown = tapped.or(dock_row);
    let drawings = use_drawings(map, next, stop_at(tapped), finding.here);
    let door = shown.and_then(|index| walk.rows.get(index)).and_then(|row| row.at);
    let camera = camera(map, door, *look, finding.here);
    // The straight line, in metres.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "some kilometres at most")]
    let away_m = finding.here.zip(door).map(|(here, door)| here.at.distance_m(door).round() as u32);
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
    let on_drag = {
        let look = look.clone();
        Callback::from(move |()| {
            // The dot keeps moving; the map stays where it was moved to.
            if *look == Look::Me {
                look.set(Look::Free);
            }
        })
    };
    let dock = shown.map(|shown| {
        html! { <StopDock walk={walk.clone()} {shown} next={dock_row} is_tapped={tapped.is_some()} {away_m} {acts} {on_pass} /> }
    });
    let is_desk = use_shape() == Shape::Desk;
    use_sight_of(stop_at(shown), is_desk);
    let side = is_desk.then(|| list(walk, stop_at(shown), &choose));
    html! {
        <Page title={map.name.clone()} class="fills" {side} {dock}>
            { street(walk, shown, *look == Look::Me && finding.here.is_some_and(|here| here.heading.is_some())) }
            if finding.is_refused { <p class="note-box warn" role="status">{ icon("locate-off") }<span>{ t("map-no-location") }</span></p> }
            <MapView label={t("map-label")} {drawings} {camera} {on_tap} {on_drag} class="map-page" tools={tools(&look, &choose, &finding)} />
        </Page>
    }
}

/// The position of this device, once it was requested.
#[derive(Clone, PartialEq)]
struct Finding {
    here: Option<Here>,
    is_refused: bool,
    /// Starts watching the position until the page is left.
    ask: Callback<()>,
}

/// Watches the device's position from the first request on.
#[hook]
fn use_finding(look: &UseStateHandle<Look>) -> Finding {
    let here = use_state(|| None::<Here>);
    let is_refused = use_state(|| false);
    let watch = use_mut_ref(|| None::<Watch>);
    let ask = {
        let (here, is_refused, look) = (here.setter(), is_refused.setter(), look.setter());
        Callback::from(move |()| {
            let (here, is_refused, looking) = (here.clone(), is_refused.clone(), look.clone());
            look.set(Look::Me);
            let begun = Watch::begin(move |found: Option<Here>| {
                is_refused.set(found.is_none());
                if found.is_some() {
                    here.set(found);
                } else {
                    looking.set(Look::Door);
                }
            });
            watch.replace(Some(begun));
        })
    };
    Finding { here: *here, is_refused: *is_refused, ask }
}

/// The street of the door in the dock, and which side it is on.
fn street(walk: &WalkView, shown: Option<usize>, is_turning: bool) -> Html {
    let Some(row) = shown.and_then(|index| walk.rows.get(index)) else { return Html::default() };
    html! {
        <p class="street"><b><bdi>{ &row.street }</bdi></b>
            if let Some(side) = side_label(row.side) { <span>{ t(side) }</span> }
            if is_turning { <span>{ "· " }{ t("map-turns") }</span> }</p>
    }
}

/// The buttons that select what the map shows: this device, the next door, or everything.
fn tools(look: &UseStateHandle<Look>, choose: &Callback<Option<Stop>>, finding: &Finding) -> Html {
    let me = finding.ask.reform(|_: MouseEvent| ());
    let next = choose.reform(|_: MouseEvent| None);
    let all = {
        let look = look.clone();
        Callback::from(move |_: MouseEvent| look.set(Look::All))
    };
    let (is_me, is_all) = (**look == Look::Me, **look == Look::All);
    html! {
        <div class="float" role="group" aria-label={t("map-look")}>
            <button type="button" class={classes!("btn", is_me.then_some("on"))} id="map-me" aria-pressed={is_me.to_string()} onclick={me}>
                { icon(if finding.is_refused { "locate-off" } else { "locate-fixed" }) }<span>{ t("map-me") }</span></button>
            <button type="button" class="btn" id="map-next" onclick={next}>{ icon("door-closed") }<span>{ t("map-next") }</span></button>
            <button type="button" class={classes!("btn", is_all.then_some("on"))} id="map-all" aria-pressed={is_all.to_string()} aria-label={t("map-all-label")} onclick={all}>
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

/// Where the row of the door in the dock is out of sight in the list beside the map, the list goes there, with some rows before it.
#[hook]
fn use_sight_of(shown: Option<Stop>, is_desk: bool) {
    use_effect_with((shown, is_desk), |_| {
        after_paint(|| {
            let page = web_sys::window().and_then(|window| window.document());
            let find = |selector: &str| page.as_ref()?.query_selector(selector).ok()?;
            let (Some(list), Some(row)) = (find(".map-list"), find(".map-list .li.on")) else { return };
            let (area, place) = (list.get_bounding_client_rect(), row.get_bounding_client_rect());
            if place.top() < area.top() || place.bottom() > area.bottom() {
                #[expect(clippy::cast_possible_truncation, reason = "pixels of a window")]
                let by = (place.top() - area.top() - area.height() / 3.0) as i32;
                list.set_scroll_top(list.scroll_top() + by);
            }
        });
    });
}

#[hook]
fn use_drawings(map: &Rc<TurfMapView>, next: Option<Stop>, tapped: Option<Stop>, me: Option<Here>) -> Drawings {
    let ground = use_memo(Rc::as_ptr(map) as usize, |_| {
        let turf = Outlined { id: String::new(), name: "", ring: &map.outline, is_on: false, standing: "" };
        (text(&geo::sheet(&map.sheet)), text(&geo::outlines([turf])), text(&geo::line(&map.route)))
    });
    let key = (Rc::as_ptr(map) as usize, next, tapped);
    let stops = use_memo(key, |_| text(&geo::stops(&map.stops, next, tapped)));
    Drawings {
        sheet: Some(ground.0.clone()),
        outlines: Some(ground.1.clone()),
        route: Some(ground.2.clone()),
        stops: Some((*stops).clone()),
        me: me.map(|here| text(&geo::here(here.at, here.heading))),
        names: None,
        drawing: None,
        corners: None,
    }
}

fn camera(map: &TurfMapView, door: Option<LonLat>, look: Look, here: Option<Here>) -> Option<Camera> {
    match (look, door) {
        (Look::Me, _) => here.map(|here| Camera::With { here, zoom: NEAR }),
        (Look::Free, _) => None,
        (Look::Door, Some(at)) => Some(Camera::At { at, zoom: NEAR }),
        (Look::All, _) | (Look::Door, None) => geo::bounds(map.stops.iter().map(|stop| stop.at)).map(Camera::Fit),
    }
}
