//! Voters whom imported files mark as confidential: nothing on this device may name them, now or later.

use crate::error::EngineError;
use crate::store::reference;
use porchlight_model::id::VoterId;
use rusqlite::{Connection, params};
use std::collections::BTreeSet;

/// Records which voters a file marks confidential, after its public voters are stored, and removes them; a voter whom it lists as public is
/// confidential no more.
pub(crate) fn note(conn: &Connection, voters: &[VoterId]) -> Result<(), EngineError> {
    reference::forget_voters(conn, voters)?;
    let mut insert = conn.prepare_cached("INSERT OR IGNORE INTO confidential (voter) VALUES (?1)")?;
    for voter in voters {
        insert.execute(params![voter.to_bytes()])?;
    }
    conn.execute("DELETE FROM confidential WHERE voter IN (SELECT id FROM voter)", [])?;
    Ok(())
}

/// Everyone who is.
pub(crate) fn all(conn: &Connection) -> Result<BTreeSet<VoterId>, EngineError> {
    let mut select = conn.prepare_cached("SELECT voter FROM confidential")?;
    let ids = select.query_map([], |row| row.get(0).map(VoterId::from_bytes))?;
    Ok(ids.collect::<Result<_, _>>()?)
}
