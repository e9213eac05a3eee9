//! Rebuilds derived rows after an update, because the previous version ignored what it did not know in a document.

use super::{Engine, device_of};
use crate::doc::{cache::DocCache, kind};
use crate::error::EngineError;
use crate::store::docs::{self, DocRow};
use crate::store::{costs, import, projections, reference, settings};
use crate::sync::trouble::{Trouble, quarantine};
use porchlight_model::calls::Topic;
use porchlight_model::id::DeviceId;
use porchlight_model::wire::DocKind;
use rand::RngCore;
use rusqlite::Connection;
use std::collections::BTreeSet;

/// The version of the projection, raised when rows are derived from more of a document than before. 1: waves, in the campaign document. 2: what a
/// turf document is about, in the campaign's list; waves whose start was undone. 3: notes that were taken back, in turf documents. 4: what entries claim is judged.
/// 5: the campaign document by its law.
const PROJECTION_VERSION: u64 = 5;

/// The version since which the projection of turf documents is unchanged.
const TURF_PROJECTION_VERSION: u64 = 4;

/// The setting with the version by which this database's rows were derived.
const PROJECTION_SETTING: &str = "meaning";

/// The setting with the kinds of documents that the last program on this database knew.
const KINDS_SETTING: &str = "kinds";

/// The setting which says that the costs of stored changes are counted.
const COSTS_SETTING: &str = "costs";

/// The version of the search index, raised when it has other words than before. 1: also names without apostrophes, hyphens and spaces.
const SEARCH_VERSION: u64 = 1;

/// The setting with the version of this database's search index.
const SEARCH_SETTING: &str = "folding";

/// Rebuilds the rows of documents and the search index where an older program derived them.
///
/// # Errors
/// When the database fails or the document cannot be read. Nothing is changed then, and the next start retries.
pub(super) fn after_update(engine: &mut Engine) -> Result<(), EngineError> {
    if settings::get(&engine.conn, SEARCH_SETTING)? < Some(SEARCH_VERSION) {
        engine.write("search after an update", |tx| {
            import::set_words(&tx.sql, true)?;
            reference::make_findable(&tx.sql)?;
            import::set_words(&tx.sql, false)?;
            settings::put(&tx.sql, SEARCH_SETTING, &SEARCH_VERSION)
        })?;
    }
    count_costs(engine)?;
    let before: Option<u64> = settings::get(&engine.conn, PROJECTION_SETTING)?;
    if before >= Some(PROJECTION_VERSION) {
        return new_kinds(engine);
    }
    engine.write("rows after an update", |tx| {
        let device = device_of(tx.membership.as_ref());
        projections::listed::clear(&tx.sql)?;
        let (first, others): (Vec<DocRow>, Vec<DocRow>) =
            docs::all(&tx.sql)?.into_iter().partition(|row| kind::of(row.kind).comes_first);
        for row in &first {
            match derive(&tx.sql, tx.docs, tx.rng, device, row) {
                // In quarantine: it keeps its old rows.
                Ok(_) | Err(EngineError::TooCostly) => {}
                Err(error) => return Err(error),
            }
        }
        for row in others.iter().filter(|_| before < Some(TURF_PROJECTION_VERSION)) {
            if let Err(error) = derive(&tx.sql, tx.docs, tx.rng, device, row) {
                // A document that cannot be read keeps its old rows.
                tracing::error!(doc = %row.id, error = %error, "rows of a document are not derived anew");
            }
            tx.docs.forget(row.id);
        }
        settings::put(&tx.sql, PROJECTION_SETTING, &PROJECTION_VERSION)
    })?;
    new_kinds(engine)
}

/// Counts what stored documents cost, once, and quarantines those that an older program took in although they are over the budget: to load
/// them would take more memory than a device has, at each start.
fn count_costs(engine: &mut Engine) -> Result<(), EngineError> {
    if settings::get(&engine.conn, COSTS_SETTING)?.unwrap_or_default() {
        return Ok(());
    }
    engine.write("what documents cost", |tx| {
        for row in docs::all(&tx.sql)? {
            if costs::count(&tx.sql, row.id)? > kind::of(row.kind).budget.ops_on_a_device() {
                quarantine(tx, row.id, Trouble::Costly)?;
            }
        }
        settings::put(&tx.sql, COSTS_SETTING, &true)
    })
}

/// Derives the rows of documents whose kinds the last program on this database did not know: it only stored them.
fn new_kinds(engine: &mut Engine) -> Result<(), EngineError> {
    let known: Vec<String> = DocKind::ALL.iter().map(|kind| kind.as_str().to_owned()).collect();
    let before: Option<Vec<String>> = settings::get(&engine.conn, KINDS_SETTING)?;
    // A program from before this setting knew only the first two kinds.
    let before = before.unwrap_or_else(|| ["campaign", "turf"].map(str::to_owned).to_vec());
    if before == known {
        return Ok(());
    }
    engine.write("rows of new kinds of documents", |tx| {
        let device = device_of(tx.membership.as_ref());
        for row in docs::all(&tx.sql)? {
            if before.iter().any(|kind| kind == row.kind.as_str()) {
                continue;
            }
            if let Err(error) = derive(&tx.sql, tx.docs, tx.rng, device, &row) {
                tracing::error!(doc = %row.id, error = %error, "rows of a document are not derived");
            }
            tx.docs.forget(row.id);
        }
        settings::put(&tx.sql, KINDS_SETTING, &known)
    })
}

/// Replaces the rows of a document with those that its stored changes give; returns which topics changed.
pub(super) fn derive(
    conn: &Connection,
    docs: &mut DocCache,
    rng: &mut impl RngCore,
    device: DeviceId,
    row: &DocRow,
) -> Result<BTreeSet<Topic>, EngineError> {
    let document = docs.open(conn, rng, device, row.id)?;
    projections::clear(conn, row.id, row.kind)?;
    let kind = kind::of(row.kind);
    (kind.project)(conn, row.id, document, &kind.everything())
}
