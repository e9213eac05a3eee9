//! Attempts and contacts by day, from the tallies that the store keeps.

use crate::engine::Engine;
use crate::error::EngineError;
use crate::store::{tallies, waves};
use porchlight_model::calls::office::{Day, Days};
use porchlight_model::visit::ResultCode;
use std::collections::BTreeMap;

/// The days of a wave on which something was recorded, the oldest first.
pub(crate) fn days(engine: &mut Engine, call: &Days) -> Result<Vec<Day>, EngineError> {
    let conn = engine.conn();
    let Some(wave) = call.wave.map_or_else(|| waves::current(conn), |wave| Ok(Some(wave)))? else {
        return Ok(Vec::new());
    };
    let mut days: BTreeMap<i64, Day> = BTreeMap::new();
    for tally in tallies::by_day(conn, wave, call.offset_ms)? {
        let day = days.entry(tally.day).or_insert(Day { day: tally.day, n_attempts: 0, n_contacts: 0 });
        day.n_attempts = day.n_attempts.saturating_add(tally.n);
        if ResultCode::parse(&tally.result).is_contact() {
            day.n_contacts = day.n_contacts.saturating_add(tally.n);
        }
    }
    Ok(days.into_values().collect())
}
