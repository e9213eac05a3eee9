//! Derives rows anew after an update: the program before it left out what it did not know in a document.

use super::{Engine, device_of};
use crate::doc::{cache::DocCache, project};
use crate::error::EngineError;
use crate::store::docs::{self, DocRow};
use crate::store::{projections, settings};
use porchlight_model::id::DeviceId;
use porchlight_model::wire::DocKind;
use rand::RngCore;
use rusqlite::Connection;

/// Raised when a document says more in rows than before. 1: waves, in the campaign document. 2: what a turf
/// document is about, in the campaign's list.
const MEANING: u64 = 2;

/// The meaning by which this database's rows were derived.
const SETTING: &str = "meaning";

/// Derives the campaign's rows anew where an older program derived them.
///
/// # Errors
/// When the database fails or the document cannot be read. Then nothing has changed, and the next start tries again.
pub(super) fn after_update(engine: &mut Engine) -> Result<(), EngineError> {
    if settings::get(&engine.conn, SETTING)? >= Some(MEANING) {
        return Ok(());
    }
    engine.write("rows after an update", |tx| {
        let device = device_of(tx.membership.as_ref());
        projections::listed::clear(&tx.sql)?;
        for row in docs::all(&tx.sql)?.iter().filter(|row| row.kind == DocKind::Campaign) {
            derive(&tx.sql, tx.docs, tx.rng, device, row)?;
        }
        settings::put(&tx.sql, SETTING, &MEANING)
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
