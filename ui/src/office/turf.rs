//! All turf: map and table, details of one turf, cutting, and waves.

mod cut;
mod one;
mod table;
mod tables;
pub(crate) mod waves;

pub(super) use table::Table;

use crate::hooks::use_call;
use crate::i18n::t;
use crate::layout::{Page, use_may, use_shape};
use crate::map::{Camera, Drawings, MapView, Tap, text};
use crate::parts::draw;
use crate::route::OfficeRoute;
use crate::state::geo;
use crate::state::place::Shape;
use porchlight_model::calls::cut::{CutPreview, OfficeMap, OfficeMapView};
use porchlight_model::grant::Act;
use porchlight_model::id::TurfId;
use porchlight_model::place::LonLat;
use porchlight_model::ring;
use porchlight_model::turf::CutArea;
use std::rc::Rc;
use yew::prelude::*;
use yew_router::Routable;
use yew_router::prelude::use_navigator;

/// The props of [`Turf`].
#[derive(Properties, PartialEq)]
pub(super) struct TurfProps {
    /// The turf that is open.
    pub(super) turf: Option<TurfId>,
}

/// The page of all turf.
#[component]
pub(super) fn Turf(props: &TurfProps) -> Html {
    let map = use_call(OfficeMap {});
    let navigator = use_navigator();
    let area = use_state(CutArea::default);
    let preview = use_state(|| None::<Rc<CutPreview>>);
    let may_cut = use_may(Act::Cut);
    let on_tap = {
        let (area, preview) = (area.clone(), preview.clone());
        let is_drawing = may_cut && props.turf.is_none();
        Callback::from(move |tap: Tap| match (&*area, tap.turf, &navigator) {
            (CutArea::Drawn { ring }, _, _) if is_drawing => {
                area.set(CutArea::Drawn { ring: ring::with_corner(ring, tap.at) });
                // The preview was for another area.
                preview.set(None);
            }
            (_, Some(turf), Some(navigator)) => navigator.push(&OfficeRoute::TurfOne { turf }),
            _ => (),
        })
    };
    let side = match props.turf {
        Some(turf) => html! { <one::One {turf} key={turf.to_string()} /> },
        None => html! {
            <>
                if may_cut { <cut::Cut area={area.clone()} preview={preview.clone()} /> } else { <p class="who">{ t("turf-choose") }</p> }
                <waves::Waves />
            </>
        },
    };
    let shape = use_shape();
    let back = (props.turf.is_some() && shape == Shape::Phone).then(|| AttrValue::from(OfficeRoute::Turf.to_path()));
    html! {
        <Page title={t("place-turf")} {back} class="office-turf" side={Some(side)}>
            { draw(&map, |map| html! {
                <Ground map={map.clone()} chosen={props.turf} ring={drawn(&area)} preview={(*preview).clone()} {on_tap} />
            }) }
            <tables::Tables chosen={props.turf} />
        </Page>
    }
}

/// The corners that are being drawn.
fn drawn(area: &CutArea) -> Option<Vec<LonLat>> {
    match area {
        CutArea::Drawn { ring } => Some(ring.clone()),
        CutArea::Everything | CutArea::Precinct { .. } => None,
    }
}

/// The props of [`Ground`].
#[derive(Properties, PartialEq)]
struct GroundProps {
    map: Rc<OfficeMapView>,
    chosen: Option<TurfId>,
    ring: Option<Vec<LonLat>>,
    preview: Option<Rc<CutPreview>>,
    on_tap: Callback<Tap>,
}

/// The town with its turf, the preview of a cut, and the ring being drawn.
#[component]
fn Ground(props: &GroundProps) -> Html {
    let GroundProps { map, chosen, ring, preview, on_tap } = props;
    let at = Rc::as_ptr(map) as usize;
    let ground = use_memo(at, |_| (text(&geo::sheet(&map.sheet)), text(&geo::stops(&map.stops, None, None))));
    let outlines = use_memo((at, *chosen, preview.clone()), |(_, chosen, preview)| {
        let turfs =
            map.turfs.iter().map(|(id, name, ring)| (id.to_string(), name.as_str(), &ring[..], Some(*id) == *chosen));
        let drafts = preview.iter().flat_map(|preview| &preview.turfs);
        let drafts = drafts.map(|draft| (String::new(), draft.name.as_str(), &draft.outline[..], true));
        text(&geo::outlines(turfs.chain(drafts)))
    });
    let corners = ring.clone().unwrap_or_default();
    let closed: Vec<LonLat> = corners.iter().chain(corners.first()).copied().collect();
    let drawings = Drawings {
        sheet: Some(ground.0.clone()),
        stops: Some(ground.1.clone()),
        outlines: Some((*outlines).clone()),
        route: None,
        drawing: Some(text(&geo::line(&closed))),
        corners: Some(text(&geo::points(&corners))),
        me: None,
    };
    let outline =
        chosen.and_then(|turf| map.turfs.iter().find(|(id, ..)| *id == turf)).map(|(_, _, ring)| ring.clone());
    let camera = match outline {
        Some(ring) => geo::bounds(ring),
        None => geo::bounds(map.stops.iter().map(|stop| stop.at)),
    };
    html! { <MapView label={t("office-map-label")} {drawings} camera={camera.map(Camera::Fit)} on_tap={on_tap.clone()} class="office-map" /> }
}
