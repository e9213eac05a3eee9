//! Brings the narrow rows of people up to date before a filter looks over them.

use crate::engine::Engine;
use crate::error::EngineError;
use crate::office::dashboard;
use crate::store::universe::compile::{Compiled, compile};
use crate::store::universe::facts;
use crate::store::universe::words::Words as Numbers;
use crate::store::{import, turfs};
use porchlight_model::id::{DocId, TurfId};
use porchlight_model::universe::Filter;

/// Doors that are computed in one transaction.
const BATCH: usize = 20_000;

/// From so many doors on more memory is used for pages.
const MANY: usize = 5_000;

/// Computes what is due anew.
///
/// # Errors
/// When the database fails, also when it has no room: then nothing that could be wrong is answered.
pub(crate) fn ready(engine: &mut Engine) -> Result<(), EngineError> {
    engine.member()?;
    if !facts::is_current(engine.conn())? {
        engine.attempt("universe: rows of an older program", |tx| facts::note_all(tx.conn()))?;
    }
    if !facts::is_due(engine.conn())? {
        return Ok(());
    }
    let due = facts::due(engine.conn())?;
    let mut numbers = Numbers::default();
    let work = |engine: &mut Engine| {
        due.chunks(BATCH).try_for_each(|homes| {
            engine.attempt("universe: rows of people", |tx| facts::renew(tx.conn(), homes, &mut numbers))
        })
    };
    if due.len() < MANY {
        let mut work = work;
        return work(engine);
    }
    import::with_more_pages(engine, work)
}

/// Checks a filter, brings rows up to date, and compiles it.
///
/// # Errors
/// When the filter makes no sense, with a message for the person; else as [`ready`].
pub(crate) fn compiled(engine: &mut Engine, filter: &Filter) -> Result<Compiled, EngineError> {
    filter.check().map_err(EngineError::bad_input)?;
    ready(engine)?;
    let out = out(engine)?;
    compile(engine.conn(), filter, &out)
}

/// The turf that a canvasser's device holds.
fn out(engine: &Engine) -> Result<Vec<TurfId>, EngineError> {
    let roster = dashboard::roster(engine.conn())?;
    let is_out = |doc: &DocId| roster.iter().any(|device| device.role.is_handed_turf() && device.docs.contains(doc));
    let entries = turfs::all(engine.conn())?;
    Ok(entries.into_iter().filter(|entry| is_out(&entry.doc)).map(|entry| entry.id).collect())
}
