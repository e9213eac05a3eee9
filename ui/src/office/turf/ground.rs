//! The map of all turf: the ground, turf filled by how it stands, and, near enough, the doors of the part in sight.

use super::standing::Standing;
use crate::clock;
use crate::hooks::use_call;
use crate::i18n::t;
use crate::map::{Camera, Drawings, MapView, Sight, TURF_STOPS_ZOOM, Tap, text};
use crate::parts::{mark, sign};
use crate::state::geo::{self, Outlined};
use porchlight_model::calls::cut::{CutPreview, OfficeGroundView, StopsWithin};
use porchlight_model::calls::office::DashboardView;
use porchlight_model::calls::walk::MapStop;
use porchlight_model::id::TurfId;
use porchlight_model::place::{Bounds, LonLat};
use porchlight_model::visit::DoorState;
use std::collections::BTreeMap;
use std::rc::Rc;
use yew::prelude::*;

/// The part that is asked for reaches to the next multiple of this, in degrees: about 500 m. A map that is moved a little asks for the same part.
const STEP: f64 = 0.005;

/// The marks that the legend explains.
const LEGEND: [DoorState; 5] =
    [DoorState::Todo, DoorState::NotHome, DoorState::Talked, DoorState::Refused, DoorState::ComeBack];

/// The props of [`Ground`].
#[derive(Properties, PartialEq)]
pub(super) struct GroundProps {
    /// The ground.
    pub(super) map: Rc<OfficeGroundView>,
    /// How turf stands, once that is known.
    pub(super) board: Option<Rc<DashboardView>>,
    /// The picked turf.
    pub(super) chosen: Option<TurfId>,
    /// The corners that are being drawn.
    pub(super) ring: Option<Vec<LonLat>>,
    /// The preview of a cut.
    pub(super) preview: Option<Rc<CutPreview>>,
    /// Taps and clicks.
    pub(super) on_tap: Callback<Tap>,
}

/// The town with its turf, the preview of a cut, and the ring being drawn.
#[component]
pub(super) fn Ground(props: &GroundProps) -> Html {
    let GroundProps { map, board, chosen, ring, preview, on_tap } = props;
    let sight = use_state_eq(|| None::<Sight>);
    let on_sight = {
        let sight = sight.setter();
        Callback::from(move |seen: Sight| sight.set(Some(seen)))
    };
    let within = sight.filter(|sight| sight.zoom >= TURF_STOPS_ZOOM).map(|sight| stepped(sight.within));
    let stops = use_stops(within);
    let at = Rc::as_ptr(map) as usize;
    let sheet = use_memo(at, |_| text(&geo::sheet(&map.sheet)));
    let shown = (at, stops.as_ref().map(|stops| Rc::as_ptr(stops) as usize));
    let dots = use_memo(shown, |_| {
        let all: Vec<MapStop> = map.free.iter().chain(stops.iter().flat_map(|stops| stops.iter())).cloned().collect();
        text(&geo::stops(&all, None, None))
    });
    let standings = use_standings(board.as_ref());
    let outlines = use_memo((at, *chosen, preview.clone(), standings), |(_, chosen, preview, standings)| {
        let turfs = map.turfs.iter().map(|(id, name, ring)| Outlined {
            id: id.to_string(),
            name,
            ring,
            is_on: Some(*id) == *chosen,
            standing: standings.get(id).copied().unwrap_or_default(),
        });
        let drafts = preview.iter().flat_map(|preview| &preview.turfs);
        let drafts = drafts.map(|draft| Outlined {
            id: String::new(),
            name: draft.name.as_str(),
            ring: &draft.outline,
            is_on: true,
            standing: "",
        });
        let all: Vec<_> = turfs.chain(drafts).collect();
        (text(&geo::outlines(all.iter().cloned())), text(&geo::names(all)))
    });
    let corners = ring.clone().unwrap_or_default();
    let closed: Vec<LonLat> = corners.iter().chain(corners.first()).copied().collect();
    let drawings = Drawings {
        sheet: Some((*sheet).clone()),
        stops: Some((*dots).clone()),
        outlines: Some(outlines.0.clone()),
        names: Some(outlines.1.clone()),
        route: None,
        drawing: Some(text(&geo::line(&closed))),
        corners: Some(text(&geo::points(&corners))),
        me: None,
    };
    let (camera, camera_turn) = use_picked_camera(map, *chosen, *sight);
    let has_turf = !map.turfs.is_empty();
    html! {
        <MapView label={t("office-map-label")} {drawings} camera={camera.map(Camera::Fit)} {camera_turn} on_tap={on_tap.clone()} {on_sight} class="office-map"
            tools={if has_turf { legend(within.is_some()) } else { Html::default() }} />
    }
}

/// How each turf stands, by its name on the map; the same value until one of them changes.
#[hook]
fn use_standings(board: Option<&Rc<DashboardView>>) -> Rc<BTreeMap<TurfId, &'static str>> {
    let now = clock::now();
    let standings: BTreeMap<TurfId, &'static str> =
        board.iter().flat_map(|board| &board.turfs).map(|row| (row.turf, Standing::of(row, now).as_str())).collect();
    use_memo(standings, Clone::clone)
}

/// The stops of a part; while another part is fetched, those of the part before.
#[hook]
fn use_stops(within: Option<Bounds>) -> Option<Rc<Vec<MapStop>>> {
    let before = use_mut_ref(|| None::<Rc<Vec<MapStop>>>);
    let stops = use_call(StopsWithin { within });
    if let Some(stops) = stops.value() {
        *before.borrow_mut() = Some(stops.clone());
    }
    before.borrow().clone().filter(|_| within.is_some())
}

/// What the camera of the map was last decided for.
#[derive(Default)]
struct Kept {
    chosen: Option<TurfId>,
    camera: Option<geo::Bounds>,
    /// How often a picked turf was brought into sight.
    turn: u32,
}

/// The part of the map to show: all of it at first; then the picked turf, if it is not in sight already. Otherwise the map stays as it is. Beside it,
/// how often a picked turf was brought into sight.
#[hook]
fn use_picked_camera(
    map: &Rc<OfficeGroundView>,
    chosen: Option<TurfId>,
    sight: Option<Sight>,
) -> (Option<geo::Bounds>, u32) {
    let kept = use_mut_ref(Kept::default);
    let of = |turf: TurfId| map.turfs.iter().find(|(id, ..)| *id == turf).map(|(_, _, ring)| ring.as_slice());
    let mut kept = kept.borrow_mut();
    if kept.camera.is_none() {
        let all = || map.turfs.iter().flat_map(|(_, _, ring)| ring).chain(map.free.iter().map(|stop| &stop.at));
        kept.camera = geo::bounds(all().copied());
    }
    if kept.chosen != chosen {
        kept.chosen = chosen;
        let picked = chosen.and_then(of).and_then(|ring| Bounds::around(ring.iter().copied()));
        let is_in_sight = |picked: &Bounds| sight.is_some_and(|sight| encloses(&sight.within, picked));
        if let Some(picked) = picked.filter(|picked| !is_in_sight(picked)) {
            kept.camera = Some([picked.west, picked.south, picked.east, picked.north]);
            kept.turn = kept.turn.wrapping_add(1);
        }
    }
    (kept.camera, kept.turn)
}

fn encloses(outer: &Bounds, inner: &Bounds) -> bool {
    outer.has(LonLat { lon: inner.west, lat: inner.south }) && outer.has(LonLat { lon: inner.east, lat: inner.north })
}

/// A part whose edges are multiples of [`STEP`].
fn stepped(part: Bounds) -> Bounds {
    let (down, up) = (|at: f64| (at / STEP).floor() * STEP, |at: f64| (at / STEP).ceil() * STEP);
    Bounds { west: down(part.west), south: down(part.south), east: up(part.east), north: up(part.north) }
}

/// What the fills, or the marks, mean.
fn legend(has_marks: bool) -> Html {
    let entries: Html = if has_marks {
        LEGEND.into_iter().map(|state| html! { <span>{ sign(state) }{ t(mark::state_label(state)) }</span> }).collect()
    } else {
        Standing::ALL
            .into_iter()
            .map(|standing| html! { <span><i class={format!("is-{}", standing.as_str())} />{ t(standing.label()) }</span> })
            .collect()
    };
    html! { <div class="float legend">{ entries }</div> }
}
