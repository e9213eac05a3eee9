//! How far turf has come: what is stored of it, and what is missing there computed from the turf's layout and answers.

use super::dashboard::count;
use crate::engine::Engine;
use crate::error::EngineError;
use crate::pack;
use crate::script::words::{Support, Versions};
use crate::store::field::standing::Standing;
use crate::store::field::turfs as field;
use crate::store::{office as rows, progress as stored};
use crate::walk::{Layout, lay_out};
use porchlight_model::calls::office::Tally;
use porchlight_model::id::{DocId, Sha256, TurfId, VoterId};
use porchlight_model::time::At;
use porchlight_model::turf::TurfEntry;
use porchlight_model::visit::{DoorState, Flag, ResultCode};
use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Raised when the same rows are counted otherwise than before, or more is counted: what an older program stored is computed anew then.
const COUNTED_AS: u8 = 2;

const HOUR_MS: i64 = 3_600_000;

/// How far a turf has come in one document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Progress {
    pub(crate) tally: Tally,
    /// Doors by state.
    pub(super) by_state: BTreeMap<DoorState, u32>,
    /// Doors that are done, by the hour (since 1970, UTC) of the first visit there.
    pub(crate) doors: ByHour,
    /// Voters whose answer counts as support, by the hour in which they first gave it. Of answers that a coordinator settled and nobody gave, no time
    /// is known.
    pub(crate) supporters: ByHour,
}

/// Counts by hours since 1970, in UTC.
pub(crate) type ByHour = BTreeMap<i64, u32>;

/// The progress of turf by document; `None` where the turf's document or its doors are not here.
pub(crate) type ByDoc = BTreeMap<(DocId, TurfId), Option<Progress>>;

/// The progress of each of `entries` in the document that it names. What is not stored is computed and stored.
///
/// # Errors
/// When the database cannot be read. That something cannot be stored, for example on a full disk, is no error.
pub(crate) fn of(engine: &mut Engine, entries: &[TurfEntry]) -> Result<ByDoc, EngineError> {
    let campaign = engine.member()?.campaign_doc;
    let basis = basis(campaign);
    let conn = engine.conn();
    let mut all = ByDoc::new();
    let mut missing = Vec::new();
    for entry in entries {
        let key = (entry.doc, entry.id);
        match stored::get(conn, key, basis)?.and_then(|body| serde_json::from_str(&body).ok()) {
            Some(progress) => drop(all.insert(key, progress)),
            None => missing.push(entry),
        }
    }
    if missing.is_empty() {
        return Ok(all);
    }
    let mut computed = compute(conn, campaign, &missing)?;
    let kept = engine.attempt("office: progress of turf", |tx| {
        computed
            .iter()
            .try_for_each(|(key, progress)| stored::put(tx.conn(), *key, basis, &serde_json::to_string(progress)?))
    });
    if let Err(error) = kept {
        // It is computed again with the next question.
        tracing::debug!(error = %error, "progress of turf is not stored");
    }
    all.append(&mut computed);
    Ok(all)
}

fn compute(conn: &Connection, campaign: DocId, entries: &[&TurfEntry]) -> Result<ByDoc, EngineError> {
    let versions = Versions::all(conn, campaign)?;
    let support = versions.support();
    let standing = Standing::flags_alone(conn)?;
    let mut all = ByDoc::new();
    for entry in entries {
        let layout = laid_out(conn, entry, &standing)?;
        let progress = layout.map(|layout| of_layout(conn, entry.doc, &layout, &support)).transpose()?;
        all.insert((entry.doc, entry.id), progress);
    }
    Ok(all)
}

/// The layout of a turf from the document that its entry names; `None` while its document or pack has not arrived.
pub(super) fn laid_out(
    conn: &Connection,
    entry: &TurfEntry,
    standing: &Standing,
) -> Result<Option<Layout>, EngineError> {
    let Some(turf) = field::get(conn, entry.id)? else { return Ok(None) };
    match lay_out(conn, field::TurfRow { doc: entry.doc, ..turf }, standing) {
        Ok(layout) => Ok(Some(layout)),
        Err(EngineError::Told(_)) => Ok(None),
        Err(error) => Err(error),
    }
}

/// The progress of a turf that is laid out. Whatever is read here and in [`laid_out`] has its triggers: see `store/progress.rs`.
pub(super) fn of_layout(
    conn: &Connection,
    doc: DocId,
    layout: &Layout,
    support: &Support<'_>,
) -> Result<Progress, EngineError> {
    let mut by_state: BTreeMap<DoorState, u32> = BTreeMap::new();
    for door in &layout.doors {
        *by_state.entry(door.state).or_default() += 1;
    }
    let mut supporters: BTreeMap<VoterId, Option<At>> = BTreeMap::new();
    for (voter, question, value) in rows::answers(conn, doc)? {
        let used = || rows::script_of(conn, doc, voter, question, &value);
        if support.counts(question, &value, used)? {
            let said = rows::first_said(conn, doc, voter, question, &value)?;
            let first = supporters.entry(voter).or_default();
            *first = [*first, said].into_iter().flatten().min();
        }
    }
    let done = layout.doors.iter().filter(|door| door.is_done());
    let first_visits = done.filter_map(|door| door.visits.iter().map(|visit| visit.at).min());
    Ok(Progress {
        tally: tally(layout, supporters.len()),
        by_state,
        doors: by_hour(first_visits),
        supporters: by_hour(supporters.into_values().flatten()),
    })
}

fn by_hour(times: impl Iterator<Item = At>) -> ByHour {
    let mut hours = ByHour::new();
    for at in times {
        *hours.entry(at.0.div_euclid(HOUR_MS)).or_default() += 1;
    }
    hours
}

fn tally(layout: &Layout, n_supporters: usize) -> Tally {
    let doors = || layout.doors.iter();
    Tally {
        n_doors: count(layout.doors.len()),
        n_done: count(doors().filter(|door| door.is_done()).count()),
        n_attempts: count(doors().map(|door| door.visits.len()).sum()),
        n_contacts: count(
            doors()
                .filter(|door| door.visits.iter().any(|visit| visit.result.is_some_and(ResultCode::is_contact)))
                .count(),
        ),
        n_supporters: count(n_supporters),
    }
}

/// By what progress is computed besides the rows that triggers watch: the campaign whose scripts count, and the names that this program knows.
fn basis(campaign: DocId) -> Sha256 {
    let mut text = format!("{} {COUNTED_AS} {campaign}", env!("CARGO_PKG_VERSION"));
    let results = ResultCode::ALL.iter().map(ResultCode::as_str);
    let flags = Flag::ALL.iter().map(Flag::as_str);
    let states = DoorState::ALL.iter().map(|state| state.as_str());
    for name in results.chain(flags).chain(states) {
        text.push(' ');
        text.push_str(name);
    }
    pack::hash(text.as_bytes())
}
