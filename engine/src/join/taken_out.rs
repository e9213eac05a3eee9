//! When everything was last taken out as a file; any change since, here or heard from others, makes that no longer so.

use crate::engine::Tx;
use crate::error::EngineError;
use crate::store::{docs, settings};
use porchlight_model::time::At;
use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// The setting that holds it.
const TAKEN_OUT: &str = "taken_out";

#[derive(Serialize, Deserialize)]
struct TakenOut {
    at: At,
    /// Of what: a hash over the heads of all documents.
    of: String,
}

/// Notes that everything is taken out at this moment.
pub(crate) fn note(tx: &Tx<'_>) -> Result<(), EngineError> {
    settings::put(tx.conn(), TAKEN_OUT, &TakenOut { at: tx.now(), of: state(tx.conn())? })
}

/// When everything was taken out, where nothing has changed since.
pub(crate) fn at(conn: &Connection) -> Result<Option<At>, EngineError> {
    let Some(taken) = settings::get::<TakenOut>(conn, TAKEN_OUT)? else { return Ok(None) };
    Ok((taken.of == state(conn)?).then_some(taken.at))
}

fn state(conn: &Connection) -> Result<String, EngineError> {
    let mut hash = Sha256::new();
    for row in docs::all(conn)? {
        hash.update(row.id.to_bytes());
        hash.update(row.heads.0.to_le_bytes());
    }
    Ok(hex::encode(hash.finalize()))
}
