//! Reading what the person at the door sees: turf, doors, visits, notes, flags.

pub(crate) mod added;
pub(crate) mod dangers;
pub(crate) mod doors;
pub(crate) mod flags;
pub(crate) mod gone;
pub(crate) mod history;
pub(crate) mod notes;
pub(crate) mod own;
pub(crate) mod people;
pub(crate) mod scripts;
pub(crate) mod shift;
pub(crate) mod standing;
pub(crate) mod turfs;
pub(crate) mod visits;

use porchlight_model::place::LonLat;
use rusqlite::Row;

/// A point in two columns; both are set, or none is.
fn point(row: &Row<'_>, lon: &str, lat: &str) -> rusqlite::Result<Option<LonLat>> {
    let (lon, lat): (Option<f64>, Option<f64>) = (row.get(lon)?, row.get(lat)?);
    Ok(lon.zip(lat).map(|(lon, lat)| LonLat { lon, lat }))
}
