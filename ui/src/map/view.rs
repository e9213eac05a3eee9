//! The map as a component: sources and camera in, taps out.

use super::draw::Map;
use super::{Camera, Drawings, GeoText, Sight, Tap};
use crate::i18n::t;
use crate::parts::icon;
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen_futures::spawn_local;
use web_sys::Element;
use yew::prelude::*;

/// The props of [`MapView`].
#[derive(Properties, PartialEq)]
pub struct MapViewProps {
    /// What it shows, for screen readers.
    pub label: AttrValue,
    /// What is drawn.
    pub drawings: Drawings,
    /// The camera.
    #[prop_or_default]
    pub camera: Option<Camera>,
    /// Raised when the same camera is to be shown once more.
    #[prop_or_default]
    pub camera_turn: u32,
    /// Taps and clicks.
    #[prop_or_default]
    pub on_tap: Callback<Tap>,
    /// The map was moved by hand.
    #[prop_or_default]
    pub on_drag: Callback<()>,
    /// The map was opened, moved or zoomed, by hand or not.
    #[prop_or_default]
    pub on_sight: Callback<Sight>,
    /// Classes of the box, which gives the size.
    #[prop_or_default]
    pub class: Classes,
    /// Additional tools, left of the zoom buttons.
    #[prop_or_default]
    pub tools: Html,
    /// What floats over the map.
    #[prop_or_default]
    pub children: Children,
}

/// The page's callbacks.
struct Told {
    tap: Callback<Tap>,
    drag: Callback<()>,
    sight: Callback<Sight>,
}

#[derive(Clone)]
enum Stage {
    Opening,
    Open(Rc<Map>),
    Failed,
}

impl Stage {
    fn map(&self) -> Option<Rc<Map>> {
        match self {
            Self::Open(map) => Some(map.clone()),
            Self::Opening | Self::Failed => None,
        }
    }
}

/// A map.
#[component]
pub fn MapView(props: &MapViewProps) -> Html {
    let container = use_node_ref();
    let stage = use_state(|| Stage::Opening);
    // The map keeps its callbacks for its whole lifetime; they delegate to the page's latest ones.
    let latest = || Told { tap: props.on_tap.clone(), drag: props.on_drag.clone(), sight: props.on_sight.clone() };
    let heard = use_mut_ref(latest);
    *heard.borrow_mut() = latest();
    use_opening(&container, &props.label, heard, &stage);
    let map = stage.map();
    use_source(map.clone(), "sheet", props.drawings.sheet.clone());
    use_source(map.clone(), "outlines", props.drawings.outlines.clone());
    use_source(map.clone(), "names", props.drawings.names.clone());
    use_source(map.clone(), "route", props.drawings.route.clone());
    use_source(map.clone(), "drawing", props.drawings.drawing.clone());
    use_source(map.clone(), "corners", props.drawings.corners.clone());
    use_source(map.clone(), "stops", props.drawings.stops.clone());
    use_source(map.clone(), "me", props.drawings.me.clone());
    use_camera(map.clone(), props.camera, props.camera_turn);
    let zoom = |steps: f64| {
        let map = map.clone();
        Callback::from(move |_: MouseEvent| {
            if let Some(map) = &map {
                map.zoom_by(steps);
            }
        })
    };
    html! {
        <div class={classes!("map", props.class.clone())}>
            <div ref={container} class="map-canvas" />
            if matches!(*stage, Stage::Failed) {
                <p class="map-failed" role="status">{ t("map-failed") }</p>
            }
            <div class="tools">
                { props.tools.clone() }
                if map.is_some() {
                    <div class="float map-zoom">
                        <button type="button" class="btn icon" onclick={zoom(1.0)} aria-label={t("map-zoom-in")}>{ icon("plus") }</button>
                        <button type="button" class="btn icon" onclick={zoom(-1.0)} aria-label={t("map-zoom-out")}>{ icon("minus") }</button>
                    </div>
                }
            </div>
            { for props.children.iter() }
        </div>
    }
}

#[hook]
fn use_opening(container: &NodeRef, label: &AttrValue, heard: Rc<RefCell<Told>>, stage: &UseStateHandle<Stage>) {
    let (container, label, setter) = (container.clone(), label.clone(), stage.setter());
    use_effect_with((), move |()| {
        let is_gone = Rc::new(std::cell::Cell::new(false));
        let gone = is_gone.clone();
        if let Some(element) = container.cast::<Element>() {
            let setter = setter.clone();
            spawn_local(async move {
                let (of_drag, of_sight) = (heard.clone(), heard.clone());
                let tapped = move |tap| {
                    let callback = heard.borrow().tap.clone();
                    callback.emit(tap);
                };
                let dragged = move || {
                    let callback = of_drag.borrow().drag.clone();
                    callback.emit(());
                };
                let seen = move |sight| {
                    let callback = of_sight.borrow().sight.clone();
                    callback.emit(sight);
                };
                let (is_gone, failing) = (gone.clone(), setter.clone());
                let failed = move || {
                    if !is_gone.get() {
                        failing.set(Stage::Failed);
                    }
                };
                let opened = Map::open(&element, &label, tapped, dragged, seen, failed).await;
                if gone.get() {
                    return;
                }
                match opened {
                    Ok(map) => setter.set(Stage::Open(Rc::new(map))),
                    Err(error) => {
                        web_sys::console::warn_1(&error);
                        setter.set(Stage::Failed);
                    }
                }
            });
        }
        move || {
            is_gone.set(true);
            setter.set(Stage::Opening);
        }
    });
}

#[hook]
fn use_source(map: Option<Rc<Map>>, name: &'static str, text: Option<GeoText>) {
    let was_set = use_mut_ref(|| false);
    let deps = (map.as_ref().map(Rc::as_ptr), text);
    use_effect_with(deps, move |(_, text)| {
        if let Some(map) = map
            && (text.is_some() || *was_set.borrow())
        {
            map.set(name, text.as_ref());
            *was_set.borrow_mut() = true;
        }
    });
}

#[hook]
fn use_camera(map: Option<Rc<Map>>, camera: Option<Camera>, turn: u32) {
    let has_looked = use_mut_ref(|| false);
    let deps = (map.as_ref().map(Rc::as_ptr), camera, turn);
    use_effect_with(deps, move |(_, camera, _)| {
        if let (Some(map), Some(camera)) = (map, *camera) {
            map.look(camera, !has_looked.replace(true));
        }
    });
}
