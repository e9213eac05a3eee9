//! The position and heading of this device, for as long as the person wants them. They stay in the page and are never recorded.

use js_sys::Reflect;
use porchlight_model::place::LonLat;
use std::cell::Cell;
use wasm_bindgen::prelude::*;
use web_sys::Geolocation;

/// The minimum distance of two fixes for a heading, in metres: closer ones may be the same place.
const STEP_M: f64 = 5.0;

/// The `GeolocationPositionError.code` for a missing permission.
const REFUSED: f64 = 1.0;

/// The position of this device.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Here {
    /// The place.
    pub at: LonLat,
    /// The heading in degrees clockwise from north; `None` until it has moved.
    pub heading: Option<f64>,
}

/// Watches the device's position until it is dropped.
pub struct Watch {
    locator: Option<Geolocation>,
    number: i32,
    _heard: [Closure<dyn FnMut(JsValue)>; 2],
}

impl Watch {
    /// Begins to watch: `told` is called with each position, or with `None` if the person or the device refuses.
    pub fn begin(told: impl Fn(Option<Here>) + Clone + 'static) -> Self {
        let refused = told.clone();
        let last = Cell::new(None::<Here>);
        let found = Closure::<dyn FnMut(JsValue)>::new({
            let told = told.clone();
            move |position: JsValue| {
                if let Some(fix) = read(&position, last.get()) {
                    last.set(Some(fix.last));
                    told(Some(fix.now));
                }
            }
        });
        let failed = Closure::<dyn FnMut(JsValue)>::new(move |error: JsValue| {
            let code = Reflect::get(&error, &"code".into()).ok().and_then(|code| code.as_f64());
            // A timeout is not a refusal: the next fix may arrive.
            if code.is_none_or(|code| (code - REFUSED).abs() < f64::EPSILON) {
                refused(None);
            }
        });
        let locator = web_sys::window().and_then(|window| window.navigator().geolocation().ok());
        let number = locator.as_ref().and_then(|locator| {
            let heard = (found.as_ref().unchecked_ref(), Some(failed.as_ref().unchecked_ref()));
            locator.watch_position_with_error_callback(heard.0, heard.1).ok()
        });
        if number.is_none() {
            told(None);
        }
        Self { locator: locator.filter(|_| number.is_some()), number: number.unwrap_or(0), _heard: [found, failed] }
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        if let Some(locator) = &self.locator {
            locator.clear_watch(self.number);
        }
    }
}

/// The current fix, and the one from which the next heading is computed.
struct Fix {
    now: Here,
    last: Here,
}

/// Parses a `GeolocationPosition`. If the device reports no heading, it is computed from the previous fix, if that is far enough away.
fn read(position: &JsValue, before: Option<Here>) -> Option<Fix> {
    let coords = Reflect::get(position, &"coords".into()).ok()?;
    let number = |name: &str| Reflect::get(&coords, &name.into()).ok()?.as_f64().filter(|number| number.is_finite());
    let at = LonLat { lon: number("longitude")?, lat: number("latitude")? };
    Some(fix(at, number("heading"), before))
}

fn fix(at: LonLat, told: Option<f64>, before: Option<Here>) -> Fix {
    let has_moved = before.is_none_or(|before| before.at.distance_m(at) >= STEP_M);
    let walked = before.filter(|_| has_moved).map(|before| bearing(before.at, at));
    let heading = told.or(walked).or_else(|| before.and_then(|before| before.heading));
    let now = Here { at, heading };
    // Small steps add up, because the heading is computed from the last place that had one.
    let last = before.filter(|_| !has_moved).map_or(now, |before| Here { at: before.at, heading });
    Fix { now, last }
}

/// The bearing from one place to another nearby, in degrees clockwise from north, 0 to 360.
fn bearing(from: LonLat, to: LonLat) -> f64 {
    let east = (to.lon - from.lon) * from.lat.to_radians().cos();
    east.atan2(to.lat - from.lat).to_degrees().rem_euclid(360.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: LonLat = LonLat { lon: -78.9, lat: 36.0 };

    fn north_of(at: LonLat, m: f64) -> LonLat {
        LonLat { lat: at.lat + m / 111_200.0, ..at }
    }

    #[test]
    fn the_direction_is_the_one_told_or_else_the_one_walked_in_and_small_steps_add_up() {
        let first = fix(START, None, None);
        assert_eq!(first.now.heading, None);
        let near = fix(north_of(START, 3.0), None, Some(first.last));
        assert_eq!(near.now.heading, None);
        let far = fix(north_of(START, 6.0), None, Some(near.last));
        assert!(far.now.heading.is_some_and(|heading| heading.abs() < 0.5), "{:?}", far.now.heading);
        let told = fix(north_of(START, 12.0), Some(90.0), Some(far.last));
        assert_eq!(told.now.heading, Some(90.0));
        // A device that stands still keeps its last heading.
        assert_eq!(fix(told.now.at, None, Some(told.last)).now.heading, Some(90.0));
        let west = LonLat { lon: START.lon - 0.001, ..START };
        assert!((bearing(START, west) - 270.0).abs() < 0.01);
    }
}
