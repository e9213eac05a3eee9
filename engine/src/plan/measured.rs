//! What was done of each measure day by day, from the tallies and the progress that are stored for each turf in each wave.

use crate::engine::Engine;
use crate::error::EngineError;
use crate::office::progress::{self, ByHour};
use crate::store::{tallies, turfs, waves};
use porchlight_model::id::TurfId;
use porchlight_model::plan::{GoalScope, Measure};
use porchlight_model::turf::TurfEntry;
use porchlight_model::visit::ResultCode;
use std::collections::BTreeMap;

const HOUR_MS: i64 = 3_600_000;
const DAY_MS: i64 = 24 * HOUR_MS;

/// Counts by day, in days since 1970 at the person's clock.
pub(crate) type ByDay = BTreeMap<i64, u32>;

/// What was done in one turf in all waves that are shown.
#[derive(Debug, Default)]
struct OfTurf {
    doors: ByDay,
    attempts: ByDay,
    contacts: ByDay,
    supporters: ByDay,
    /// How many doors there are, those of each wave.
    n_doors: u32,
}

/// What was done in each turf.
#[derive(Debug, Default)]
pub(crate) struct Measured(BTreeMap<TurfId, OfTurf>);

/// The day of a time at a clock that is so far ahead of UTC.
pub(crate) const fn day_of(at_ms: i64, offset_ms: i64) -> i64 {
    at_ms.saturating_add(offset_ms).div_euclid(DAY_MS)
}

/// Reads what was done in all turf, in all waves that are not erased.
pub(crate) fn read(engine: &mut Engine, offset_ms: i64) -> Result<Measured, EngineError> {
    let entries = entries(engine)?;
    let all = progress::of(engine, &entries)?;
    let conn = engine.conn();
    let mut measured = Measured::default();
    for entry in &entries {
        let of = measured.0.entry(entry.id).or_default();
        let mut n_doors = entry.n_doors;
        if let Some(progress) = all.get(&(entry.doc, entry.id)).and_then(Option::as_ref) {
            add(&mut of.doors, &progress.doors, offset_ms);
            add(&mut of.supporters, &progress.supporters, offset_ms);
            n_doors = progress.tally.n_doors;
        }
        of.n_doors = of.n_doors.saturating_add(n_doors);
        for (hour, result, n) in tallies::of_doc(conn, entry.doc)? {
            let hours = ByHour::from([(hour, n)]);
            add(&mut of.attempts, &hours, offset_ms);
            if ResultCode::parse(&result).is_contact() {
                add(&mut of.contacts, &hours, offset_ms);
            }
        }
    }
    Ok(measured)
}

/// An entry for each turf and wave, with the turf's document in that wave.
fn entries(engine: &Engine) -> Result<Vec<TurfEntry>, EngineError> {
    let conn = engine.conn();
    let listed: BTreeMap<TurfId, TurfEntry> = turfs::all(conn)?.into_iter().map(|entry| (entry.id, entry)).collect();
    let mut entries = Vec::new();
    for wave in waves::all(conn)? {
        if !waves::is_shown(conn, &wave)? {
            continue;
        }
        for (turf, doc) in waves::docs(conn, wave.id)? {
            entries.extend(listed.get(&turf).map(|entry| TurfEntry { doc, ..entry.clone() }));
        }
    }
    Ok(entries)
}

fn add(to: &mut ByDay, hours: &ByHour, offset_ms: i64) {
    for (hour, n) in hours {
        let count = to.entry(day_of(hour.saturating_mul(HOUR_MS), offset_ms)).or_default();
        *count = count.saturating_add(*n);
    }
}

impl Measured {
    /// What was done of a measure in a scope on each day on which something was.
    pub(crate) fn series(&self, measure: Measure, scope: GoalScope) -> ByDay {
        let mut series = ByDay::new();
        for of in self.within(scope) {
            let days = match measure {
                Measure::Doors => &of.doors,
                Measure::Attempts => &of.attempts,
                Measure::Contacts => &of.contacts,
                Measure::Supporters => &of.supporters,
                Measure::Unknown(_) => continue,
            };
            for (day, n) in days {
                let count = series.entry(*day).or_default();
                *count = count.saturating_add(*n);
            }
        }
        series
    }

    /// How much of a measure there is to be done in all, where that is known.
    pub(crate) fn most(&self, measure: Measure, scope: GoalScope) -> Option<u32> {
        let n_doors = || self.within(scope).map(|of| of.n_doors).fold(0, u32::saturating_add);
        match measure {
            Measure::Doors => Some(n_doors()),
            Measure::Attempts | Measure::Contacts | Measure::Supporters | Measure::Unknown(_) => None,
        }
    }

    fn within(&self, scope: GoalScope) -> impl Iterator<Item = &OfTurf> {
        let is_within = move |turf: &TurfId| match scope {
            GoalScope::Campaign => true,
            GoalScope::Turf(only) => *turf == only,
        };
        self.0.iter().filter(move |(turf, _)| is_within(turf)).map(|(_, of)| of)
    }
}
