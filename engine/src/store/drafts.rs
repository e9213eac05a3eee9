//! Drafts: what was typed or chosen on this device and is not recorded yet.

use crate::error::EngineError;
use porchlight_model::calls::draft::{Draft, PutDraft};
use porchlight_model::id::DoorId;
use porchlight_model::time::At;
use rusqlite::{Connection, OptionalExtension, Row, named_params, params};
use std::collections::BTreeSet;

/// Keeps a draft, in place of the one under its key.
pub(crate) fn put(conn: &Connection, draft: &PutDraft, at: At) -> Result<(), EngineError> {
    conn.prepare_cached("INSERT OR REPLACE INTO draft (key, door, body, at) VALUES (:key, :door, :body, :at)")?
        .execute(named_params! {
            ":key": draft.key, ":door": draft.door.map(|door| door.to_bytes()), ":body": draft.body, ":at": at.0,
        })?;
    Ok(())
}

/// One draft.
pub(crate) fn get(conn: &Connection, key: &str) -> Result<Option<Draft>, EngineError> {
    Ok(conn
        .prepare_cached("SELECT key, door, body, at FROM draft WHERE key = ?1")?
        .query_row(params![key], read)
        .optional()?)
}

/// The drafts that wait at a door, or all of them, the newest first.
pub(crate) fn list(conn: &Connection, door: Option<DoorId>) -> Result<Vec<Draft>, EngineError> {
    let mut select = conn.prepare_cached(
        "SELECT key, door, body, at FROM draft WHERE :door IS NULL OR door = :door ORDER BY at DESC, key",
    )?;
    let rows = select.query_map(named_params! { ":door": door.map(|door| door.to_bytes()) }, read)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The doors at which drafts wait.
pub(crate) fn doors(conn: &Connection) -> Result<BTreeSet<DoorId>, EngineError> {
    let mut select = conn.prepare_cached("SELECT DISTINCT door FROM draft WHERE door IS NOT NULL")?;
    let rows = select.query_map([], |row| row.get(0).map(DoorId::from_bytes))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// How many there are.
pub(crate) fn count(conn: &Connection) -> Result<usize, EngineError> {
    Ok(conn.prepare_cached("SELECT count(*) FROM draft")?.query_row([], |row| row.get::<_, u32>(0))? as usize)
}

/// How many are about what somebody met at a door; forms of the office, half filled in, are no results.
pub(crate) fn count_at_doors(conn: &Connection) -> Result<usize, EngineError> {
    Ok(conn
        .prepare_cached("SELECT count(*) FROM draft WHERE door IS NOT NULL")?
        .query_row([], |row| row.get::<_, u32>(0))? as usize)
}

/// Removes a draft; tells whether there was one.
pub(crate) fn remove(conn: &Connection, key: &str) -> Result<bool, EngineError> {
    Ok(conn.prepare_cached("DELETE FROM draft WHERE key = ?1")?.execute(params![key])? > 0)
}

/// Removes the drafts of doors that are in no turf of this device.
pub(crate) fn purge(conn: &Connection) -> Result<(), EngineError> {
    conn.execute("DELETE FROM draft WHERE door IS NOT NULL AND door NOT IN (SELECT door FROM turf_door)", [])?;
    Ok(())
}

fn read(row: &Row<'_>) -> rusqlite::Result<Draft> {
    Ok(Draft {
        key: row.get("key")?,
        door: row.get::<_, Option<_>>("door")?.map(DoorId::from_bytes),
        body: row.get("body")?,
        at: At(row.get("at")?),
    })
}
