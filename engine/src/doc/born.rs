//! The creation of documents: each is created once, by one device, with its top-level maps already in place.

use crate::doc::{Edit, campaign_map, turf_map};
use crate::error::EngineError;
use automerge::ScalarValue;
use porchlight_model::id::{Sha256, TurfId};

/// Fills a new campaign document.
pub(crate) fn campaign(edit: &mut Edit<'_>, name: &str) -> Result<(), EngineError> {
    edit.make_maps(&campaign_map::ALL)?;
    edit.put(campaign_map::ABOUT, "name", name)
}

/// Fills a new turf document.
pub(crate) fn turf(
    edit: &mut Edit<'_>,
    turf: TurfId,
    name: &str,
    pack: Sha256,
    minutes: u32,
) -> Result<(), EngineError> {
    edit.make_maps(&turf_map::ALL)?;
    edit.put(turf_map::ABOUT, "turf", ScalarValue::Bytes(turf.to_bytes().to_vec()))?;
    edit.put(turf_map::ABOUT, "name", name)?;
    edit.put(turf_map::ABOUT, "pack", ScalarValue::Bytes(pack.0.to_vec()))?;
    edit.put(turf_map::ABOUT, "minutes", i64::from(minutes))
}
