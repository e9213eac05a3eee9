//! The interface to the map: style, sources, camera and hit test. The renderer behind it can be replaced.
//!
//! [`MapView`] is a component like any other: it takes GeoJSON texts (made by [`crate::state::geo`]) and a camera, and emits
//! taps. A map is never the only way: each page shows the same things as a list beside it.

mod draw;
mod locate;
mod view;

use crate::state::geo::Bounds;
use porchlight_model::calls::walk::Stop;
use porchlight_model::id::TurfId;
use porchlight_model::place::{Bounds as Part, LonLat};
use serde::Deserialize;
use std::rc::Rc;

pub use locate::{Here, Watch};
pub use view::MapView;

/// GeoJSON as text, shared.
pub type GeoText = Rc<str>;

/// What a map draws; `None` draws nothing.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Drawings {
    /// Streets and areas: [`crate::state::geo::sheet`].
    pub sheet: Option<GeoText>,
    /// Stops with their marks: [`crate::state::geo::stops`].
    pub stops: Option<GeoText>,
    /// Turf outlines: [`crate::state::geo::outlines`].
    pub outlines: Option<GeoText>,
    /// Names of turf: [`crate::state::geo::names`].
    pub names: Option<GeoText>,
    /// The way from stop to stop: [`crate::state::geo::line`].
    pub route: Option<GeoText>,
    /// A ring being drawn: [`crate::state::geo::line`].
    pub drawing: Option<GeoText>,
    /// Its corners: [`crate::state::geo::points`].
    pub corners: Option<GeoText>,
    /// The position of this device: [`crate::state::geo::points`].
    pub me: Option<GeoText>,
}

/// The camera of a map. Moving the map by hand does not change it; a new value moves the map again.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Camera {
    /// Shows a bounding box.
    Fit(Bounds),
    /// Shows one place, at least at this zoom.
    At {
        /// The place.
        at: LonLat,
        /// The zoom, as in web maps: 17 shows a few houses.
        zoom: f64,
    },
    /// Follows this device, rotated to its heading.
    With {
        /// Where it is.
        here: Here,
        /// As in [`Self::At`].
        zoom: f64,
    },
}

/// A tap or click on a map.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tap {
    /// Where.
    pub at: LonLat,
    /// The stop within a thumb's reach, if any.
    pub stop: Option<Stop>,
    /// The turf around it, if any.
    pub turf: Option<TurfId>,
}

/// What of the map is in sight.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
pub struct Sight {
    /// The zoom, as in web maps.
    pub zoom: f64,
    /// The part in sight.
    pub within: Part,
}

/// From this zoom on the office's map has the stops of turf, as in `porch-map.js`; below, turf is filled by how it stands.
pub const TURF_STOPS_ZOOM: f64 = 16.0;

/// Converts GeoJSON to text for the map.
#[must_use]
pub fn text(value: &serde_json::Value) -> GeoText {
    Rc::from(value.to_string())
}
