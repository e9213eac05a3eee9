//! The dashboard: one row for each turf, and the totals.

use super::progress::{self, Progress};
use crate::engine::Engine;
use crate::error::EngineError;
use crate::settle;
use crate::store::{settings, turfs, waves};
use porchlight_model::calls::office::WaveBoard;
use porchlight_model::calls::office::{Dashboard, DashboardView, Tally, TurfRow};
use porchlight_model::id::{DocId, TurfId};
use porchlight_model::relay::RosterDevice;
use porchlight_model::turf::TurfEntry;
use porchlight_model::visit::DoorState;
use rusqlite::Connection;
use std::collections::{BTreeMap, BTreeSet};

/// A canvasser counts as out if the relay heard from their device within this time, in milliseconds.
const OUT_MS: i64 = 15 * 60_000;

/// The dashboard of the current wave.
pub(crate) fn dashboard(engine: &mut Engine, _: &Dashboard) -> Result<DashboardView, EngineError> {
    let entries = turfs::all(engine.conn())?;
    stands(engine, entries)
}

/// The dashboard of one wave, also of one that has ended and is not erased yet.
///
/// # Errors
/// When there is no such wave, or it is erased.
pub(crate) fn of_wave(engine: &mut Engine, call: &WaveBoard) -> Result<DashboardView, EngineError> {
    let conn = engine.conn();
    let docs: BTreeMap<TurfId, DocId> = waves::docs(conn, call.wave)?.into_iter().collect();
    let wave = waves::all(conn)?.into_iter().find(|wave| wave.id == call.wave);
    if !wave.map_or(Ok(false), |wave| waves::is_shown(conn, &wave))? {
        return Err(EngineError::not_found("error-wave-gone"));
    }
    let in_wave = |entry: TurfEntry| docs.get(&entry.id).map(|doc| TurfEntry { doc: *doc, ..entry });
    let entries = turfs::all(conn)?.into_iter().filter_map(in_wave).collect();
    stands(engine, entries)
}

/// The dashboard of the documents that `entries` name.
fn stands(engine: &mut Engine, entries: Vec<TurfEntry>) -> Result<DashboardView, EngineError> {
    let mut all = progress::of(engine, &entries)?;
    let conn = engine.conn();
    let roster = roster(conn)?;
    let n_conflicts = settle::by_turf(conn)?;
    let mut view = DashboardView { totals: Tally::default(), turfs: Vec::new(), n_out_now: 0, n_conflicts: 0 };
    for entry in entries {
        let progress = all.remove(&(entry.doc, entry.id)).flatten();
        let row = row(&entry, progress, &roster, &n_conflicts);
        view.totals.n_doors += row.tally.n_doors;
        view.totals.n_done += row.tally.n_done;
        view.totals.n_attempts += row.tally.n_attempts;
        view.totals.n_contacts += row.tally.n_contacts;
        view.totals.n_supporters += row.tally.n_supporters;
        view.n_conflicts += row.n_conflicts;
        view.turfs.push(row);
    }
    view.turfs.sort_by_cached_key(|row| in_order(&row.name));
    let now = engine.now();
    let is_out = |device: &&RosterDevice| {
        device.role.is_handed_turf() && device.last_heard.is_some_and(|heard| now.since_ms(heard) < OUT_MS)
    };
    view.n_out_now = count(roster.iter().filter(is_out).count());
    Ok(view)
}

/// All devices, those that were shut out as well.
pub(crate) fn roster_of_all(conn: &Connection) -> Result<Vec<RosterDevice>, EngineError> {
    Ok(settings::get(conn, "roster")?.unwrap_or_default())
}

/// The devices that may still sync.
pub(crate) fn roster(conn: &Connection) -> Result<Vec<RosterDevice>, EngineError> {
    let mut devices = roster_of_all(conn)?;
    devices.retain(|device| !device.is_revoked);
    Ok(devices)
}

/// One turf's row; without `progress` it is not here, and all its doors are to do.
pub(super) fn row(
    entry: &TurfEntry,
    progress: Option<Progress>,
    roster: &[RosterDevice],
    n_conflicts: &BTreeMap<TurfId, u32>,
) -> TurfRow {
    let holders = || roster.iter().filter(|device| device.role.is_handed_turf() && device.docs.contains(&entry.doc));
    let walkers: BTreeSet<String> = holders().map(|device| device.name.clone()).collect();
    let is_here = progress.is_some();
    let to_do = || {
        let tally = Tally { n_doors: entry.n_doors, ..Tally::default() };
        (tally, BTreeMap::from([(DoorState::Todo, entry.n_doors)]))
    };
    let (tally, by_state) = progress.map_or_else(to_do, |progress| (progress.tally, progress.by_state));
    TurfRow {
        turf: entry.id,
        name: entry.name.clone(),
        is_here,
        walkers: walkers.into_iter().collect(),
        minutes: entry.minutes,
        tally,
        by_state,
        last_heard: holders().filter_map(|device| device.last_heard).max(),
        n_conflicts: n_conflicts.get(&entry.id).copied().unwrap_or_default(),
    }
}

/// The sort key of names, in which `Riverside 2` comes before `Riverside 10`.
pub(crate) fn in_order(name: &str) -> (String, u64, String) {
    let digits = name.len() - name.bytes().rev().take_while(u8::is_ascii_digit).count();
    let (start, number) = name.split_at(digits);
    (start.to_lowercase(), number.parse().unwrap_or_default(), name.to_owned())
}

pub(super) fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::in_order;

    #[test]
    fn numbers_in_names_count() {
        let mut names = ["Riverside 10", "riverside 2", "Hill", "Riverside 1", "Hill 99999999999999999999"];
        names.sort_by_cached_key(|name| in_order(name));
        assert_eq!(names, ["Hill", "Hill 99999999999999999999", "Riverside 1", "riverside 2", "Riverside 10"]);
    }
}
