//! Derives rows anew after an update: the program before it left out what it did not know in a document.

use super::{Engine, device_of};
use crate::doc::{cache::DocCache, project};
use crate::error::EngineError;
use crate::store::docs::{self, DocRow};
use crate::store::{import, projections, reference, settings};
use porchlight_model::id::DeviceId;
use porchlight_model::wire::DocKind;
use rand::RngCore;
use rusqlite::Connection;

/// Raised when a document says more in rows than before. 1: waves, in the campaign document. 2: what a turf document is about, in the
/// campaign's list; waves whose start was undone. 3: notes that were taken back, in turf documents.
const MEANING: u64 = 3;

/// The meaning since which turf documents say no more.
const TURF_MEANING: u64 = 3;

/// The meaning by which this database's rows were derived.
const SETTING: &str = "meaning";

/// The kinds of documents that the last program on this database knew.
const KINDS: &str = "kinds";

/// Raised when people are found by other words than before. 1: by their names without apostrophes, hyphens and blanks, too.
const FOLDED: u64 = 1;

/// By which words people are found in this database.
const FOLDING: &str = "folding";

/// Derives the rows of documents, and by which words people are found, anew where an older program derived them.
///
/// # Errors
/// When the database fails or the document cannot be read. Then nothing has changed, and the next start tries again.
pub(super) fn after_update(engine: &mut Engine) -> Result<(), EngineError> {
    if settings::get(&engine.conn, FOLDING)? < Some(FOLDED) {
        engine.write("search after an update", |tx| {
            import::set_words(&tx.sql, true)?;
            reference::make_findable(&tx.sql)?;
            import::set_words(&tx.sql, false)?;
            settings::put(&tx.sql, FOLDING, &FOLDED)
        })?;
    }
    let before: Option<u64> = settings::get(&engine.conn, SETTING)?;
    if before >= Some(MEANING) {
        return new_kinds(engine);
    }
    engine.write("rows after an update", |tx| {
        let device = device_of(tx.membership.as_ref());
        projections::listed::clear(&tx.sql)?;
        let (campaign, turf): (Vec<DocRow>, Vec<DocRow>) =
            docs::all(&tx.sql)?.into_iter().partition(|row| row.kind == DocKind::Campaign);
        for row in &campaign {
            derive(&tx.sql, tx.docs, tx.rng, device, row)?;
        }
        for row in turf.iter().filter(|_| before < Some(TURF_MEANING)) {
            if let Err(error) = derive(&tx.sql, tx.docs, tx.rng, device, row) {
                // One that cannot be read keeps the rows that it has.
                tracing::error!(doc = %row.id, error = %error, "rows of a document are not derived anew");
            }
            tx.docs.forget(row.id);
        }
        settings::put(&tx.sql, SETTING, &MEANING)
    })?;
    new_kinds(engine)
}

/// Derives the rows of documents of kinds that the last program on this database did not know: it kept what came of them.
fn new_kinds(engine: &mut Engine) -> Result<(), EngineError> {
    let known: Vec<String> = DocKind::ALL.iter().map(|kind| kind.as_str().to_owned()).collect();
    let before: Option<Vec<String>> = settings::get(&engine.conn, KINDS)?;
    // A program from before this setting knows the two kinds there were.
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
        settings::put(&tx.sql, KINDS, &known)
    })
}

/// Puts the rows of a document as its stored changes give them.
pub(super) fn derive(
    conn: &Connection,
    docs: &mut DocCache,
    rng: &mut impl RngCore,
    device: DeviceId,
    row: &DocRow,
) -> Result<(), EngineError> {
    let document = docs.open(conn, rng, device, row.id)?;
    projections::clear(conn, row.id, row.kind)?;
    project::project(conn, row.id, row.kind, document, &project::everything(row.kind)).map(drop)
}
