//! Draws a turf as a map: streets, outline and route from its pack, marks from its visits.

use super::lay_out;
use super::list::count;
use crate::engine::Engine;
use crate::error::EngineError;
use crate::pack;
use crate::store::field::standing::Standing;
use crate::store::{field::turfs, packs};
use porchlight_model::calls::door::Danger;
use porchlight_model::calls::walk::{MapStop, TurfMap, TurfMapView};

/// The text of a danger, with the unit if it is in a building.
fn on_map(danger: Danger) -> String {
    if danger.unit.is_empty() || danger.reason.is_empty() {
        return danger.reason;
    }
    format!("{}: {}", danger.unit, danger.reason)
}

/// Draws a turf as a map; stops without coordinates are left out.
///
/// # Errors
/// When the turf, or what is in it, is not on this device.
pub fn turf_map(engine: &mut Engine, call: &TurfMap) -> Result<TurfMapView, EngineError> {
    let conn = engine.conn();
    let turf = turfs::get(conn, call.turf)?.ok_or_else(|| EngineError::not_found("error-turf-gone"))?;
    let bytes = packs::get_or_older(conn, turf.pack, turf.doc)?;
    let bytes = bytes.ok_or_else(|| EngineError::not_found("error-turf-not-ready"))?;
    let pack = pack::decode(&bytes)?;
    let layout = lay_out(conn, turf, &Standing::read(conn)?)?;
    let stops = layout.stops.iter().filter_map(|stop| {
        let first = layout.doors_at(stop).next()?;
        Some(MapStop {
            stop: stop.stop,
            number: first.row.number.clone(),
            at: stop.at?,
            state: layout.state_at(stop),
            mark: layout.mark_at(stop),
            danger: layout.danger_at(stop).map(on_map).unwrap_or_default(),
            n_doors: count(stop.doors.len()),
        })
    });
    Ok(TurfMapView {
        name: layout.turf.name.clone(),
        sheet: pack.map,
        outline: pack.outline,
        route: pack.route,
        stops: stops.collect(),
    })
}
