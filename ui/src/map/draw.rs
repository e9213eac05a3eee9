//! The renderer: a small script around MapLibre GL, which is loaded when a map is first shown.

use super::{Camera, GeoText, Sight, Tap};
use crate::state::geo::stop_of_key;
use js_sys::{Function, Promise, Reflect};
use porchlight_model::place::LonLat;
use serde::Deserialize;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Element, HtmlScriptElement};

const SCRIPT: &str = "/porch-map.js";

/// The maximum zoom of a fit: a turf of one house still shows its street.
const MAX_FIT_ZOOM: f64 = 18.0;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_namespace = porchMap, js_name = open)]
    fn open_map(container: &Element, label: &str, told: &Function) -> Result<Promise, JsValue>;

    type PorchMap;

    #[wasm_bindgen(method, catch, js_name = setSource)]
    fn set_source(this: &PorchMap, name: &str, text: &str) -> Result<(), JsValue>;

    #[wasm_bindgen(method, catch)]
    fn fit(this: &PorchMap, west: f64, south: f64, east: f64, north: f64, max_zoom: f64) -> Result<(), JsValue>;

    #[wasm_bindgen(method, catch)]
    fn center(this: &PorchMap, lon: f64, lat: f64, zoom: f64, bearing: f64, is_calm: bool) -> Result<(), JsValue>;

    #[wasm_bindgen(method, catch, js_name = zoomBy)]
    fn zoom_by(this: &PorchMap, steps: f64) -> Result<(), JsValue>;

    #[wasm_bindgen(method, catch)]
    fn close(this: &PorchMap) -> Result<(), JsValue>;
}

/// A map in the page, which is removed when this is dropped.
pub(super) struct Map {
    map: PorchMap,
    _told: Closure<dyn FnMut(String, String)>,
}

impl Map {
    /// Opens a map in `container`, with retries: `on_failed` is called at each failure, and after the last an error is returned.
    pub(super) async fn open(
        container: &Element,
        label: &str,
        mut on_tap: impl FnMut(Tap) + 'static,
        mut on_drag: impl FnMut() + 'static,
        mut on_sight: impl FnMut(Sight) + 'static,
        mut on_failed: impl FnMut() + 'static,
    ) -> Result<Self, JsValue> {
        load_script().await?;
        let told = Closure::<dyn FnMut(String, String)>::new(move |kind: String, json: String| match kind.as_str() {
            "tap" => {
                if let Ok(raw) = serde_json::from_str::<RawTap>(&json) {
                    on_tap(raw.into());
                }
            }
            "drag" => on_drag(),
            "sight" => {
                if let Ok(sight) = serde_json::from_str::<Sight>(&json) {
                    on_sight(sight);
                }
            }
            "failed" => on_failed(),
            _ => {}
        });
        let map = JsFuture::from(open_map(container, label, told.as_ref().unchecked_ref())?).await?;
        Ok(Self { map: map.unchecked_into(), _told: told })
    }

    /// Replaces what one source draws.
    pub(super) fn set(&self, source: &str, text: Option<&GeoText>) {
        warn(self.map.set_source(source, text.map_or("", |text| text)));
    }

    /// Moves the camera, without animation when the page was just opened.
    pub(super) fn look(&self, camera: Camera, is_calm: bool) {
        warn(match camera {
            Camera::Fit([west, south, east, north]) => self.map.fit(west, south, east, north, MAX_FIT_ZOOM),
            Camera::At { at, zoom } => self.map.center(at.lon, at.lat, zoom, 0.0, is_calm),
            Camera::With { here, zoom } => {
                self.map.center(here.at.lon, here.at.lat, zoom, here.heading.unwrap_or(0.0), is_calm)
            }
        });
    }

    /// Zooms in (positive) or out by whole steps.
    pub(super) fn zoom_by(&self, steps: f64) {
        warn(self.map.zoom_by(steps));
    }
}

impl Drop for Map {
    fn drop(&mut self) {
        warn(self.map.close());
    }
}

#[derive(Deserialize)]
struct RawTap {
    at: LonLat,
    stop: Option<String>,
    turf: Option<String>,
}

impl From<RawTap> for Tap {
    fn from(raw: RawTap) -> Self {
        Self {
            at: raw.at,
            stop: raw.stop.as_deref().and_then(stop_of_key),
            turf: raw.turf.and_then(|turf| turf.parse().ok()),
        }
    }
}

async fn load_script() -> Result<(), JsValue> {
    let window = web_sys::window().ok_or(JsValue::NULL)?;
    if Reflect::has(&window, &"porchMap".into())? {
        return Ok(());
    }
    let document = window.document().ok_or(JsValue::NULL)?;
    let script: HtmlScriptElement = document.create_element("script")?.unchecked_into();
    script.set_type("module");
    script.set_src(SCRIPT);
    let loaded = Promise::new(&mut |resolve, reject| {
        script.set_onload(Some(&resolve));
        script.set_onerror(Some(&reject));
    });
    document.head().ok_or(JsValue::NULL)?.append_child(&script)?;
    JsFuture::from(loaded).await.map(|_| ())
}

fn warn(result: Result<(), JsValue>) {
    if let Err(error) = result {
        web_sys::console::warn_1(&error);
    }
}
