//! Summarises a shift: what was recorded, whether all of it is safe, and its results.

use super::list::count;
use crate::engine::Engine;
use crate::error::EngineError;
use crate::store::field::shift::{self, Acts, OwnAnswer, OwnVisit};
use crate::store::field::{scripts, turfs};
use porchlight_model::calls::walk::{ShiftReport, ShiftTurf, ShiftView};
use porchlight_model::id::{DocId, ScriptId, VoterId};
use porchlight_model::script::Script;
use porchlight_model::time::At;
use porchlight_model::visit::ResultCode;
use rusqlite::Connection;
use std::collections::{BTreeMap, BTreeSet};

/// A pause at least this long, in milliseconds, ends a shift.
const SHIFT_PAUSE_MS: i64 = 6 * 60 * 60 * 1000;

/// Summarises this member's latest shift over all turf of this device; what is safe is counted over all of the device's results.
///
/// # Errors
/// When this device has not joined, or the database fails.
pub fn shift(engine: &mut Engine, _: &ShiftReport) -> Result<ShiftView, EngineError> {
    let membership = engine.member()?;
    let (member, campaign) = (membership.identity.member, membership.campaign_doc);
    let conn = engine.conn();
    let (mut turfs, mut visits, mut told, mut added) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for turf in turfs::of_device(conn)? {
        visits.extend(shift::visits(conn, turf.doc, member)?);
        told.extend(shift::told(conn, turf.doc, member)?);
        added.extend(shift::added(conn, turf.doc, member)?);
        let acts = shift::acts(conn, turf.doc)?;
        let Acts { n_acts: n_results, n_safe, n_seen } = acts;
        if n_results > 0 {
            turfs.push(ShiftTurf { turf: turf.turf, name: turf.name, n_results, n_safe, n_seen });
        }
    }
    visits.sort_by_key(|visit| visit.at);
    told.sort_by_key(|told| told.at);
    let latest = latest_shift(&visits);
    let since = latest.first().map_or(At(i64::MIN), |visit| visit.at);
    told.retain(|told| told.at >= since);
    let sum = |of: fn(&ShiftTurf) -> u32| turfs.iter().map(of).sum();
    Ok(ShiftView {
        n_results: sum(|turf| turf.n_results),
        n_safe: sum(|turf| turf.n_safe),
        n_seen: sum(|turf| turf.n_seen),
        n_doors: count(latest.iter().map(|visit| visit.door).collect::<BTreeSet<_>>().len()),
        n_talked: count(talked(latest)),
        n_supporters: count(supporters(conn, campaign, &told)?.len()),
        n_added: count(added.into_iter().filter(|at| *at >= since).count()),
        minutes: minutes(latest),
        turfs,
    })
}

/// The visits after the last long pause. `visits` are in order of time.
fn latest_shift(visits: &[OwnVisit]) -> &[OwnVisit] {
    let pause = visits.windows(2).rposition(|pair| pair[1].at.since_ms(pair[0].at) >= SHIFT_PAUSE_MS);
    &visits[pause.map_or(0, |pause| pause + 1)..]
}

/// The number of conversations: people, or doors where nobody was named.
fn talked(visits: &[OwnVisit]) -> usize {
    let talks = visits.iter().filter(|visit| visit.result == Some(ResultCode::Canvassed));
    talks.map(|visit| (visit.door, visit.voter)).collect::<BTreeSet<_>>().len()
}

fn minutes(visits: &[OwnVisit]) -> u32 {
    let (Some(first), Some(last)) = (visits.first(), visits.last()) else { return 0 };
    u32::try_from(last.at.since_ms(first.at) / 60_000).unwrap_or(u32::MAX)
}

/// The voters whose latest answer to a question, among those of this shift, counts as support.
fn supporters(conn: &Connection, campaign: DocId, told: &[OwnAnswer]) -> Result<BTreeSet<VoterId>, EngineError> {
    let in_force = scripts::in_force(conn, campaign)?;
    let mut versions: BTreeMap<ScriptId, Option<Script>> = BTreeMap::new();
    let mut latest = BTreeMap::new();
    for told in told {
        latest.insert((told.voter, told.question), told);
    }
    let mut supporters = BTreeSet::new();
    for told in latest.into_values() {
        if let Some(id) = told.script
            && !versions.contains_key(&id)
        {
            versions.insert(id, scripts::version(conn, campaign, id)?);
        }
        let used = told.script.and_then(|id| versions.get(&id)).and_then(Option::as_ref).or(in_force.as_ref());
        if used.is_some_and(|script| script.is_support(told.question, &told.value)) {
            supporters.insert(told.voter);
        }
    }
    Ok(supporters)
}
