//! The campaign's script: the version in force, and those before it.

use crate::error::EngineError;
use porchlight_model::id::{DocId, ScriptId};
use porchlight_model::script::Script;
use rusqlite::{Connection, OptionalExtension, params};

/// The version in force, if there is one.
pub(crate) fn in_force(conn: &Connection, campaign: DocId) -> Result<Option<Script>, EngineError> {
    let body: Option<String> = conn
        .prepare_cached(
            "SELECT s.body FROM campaign c JOIN script s ON s.doc = c.doc AND s.id = c.script WHERE c.doc = ?1",
        )?
        .query_row(params![campaign.to_bytes()], |row| row.get(0))
        .optional()?;
    Ok(body.map(|body| serde_json::from_str(&body)).transpose()?)
}

/// One version, if it is here.
pub(crate) fn version(conn: &Connection, campaign: DocId, script: ScriptId) -> Result<Option<Script>, EngineError> {
    let body: Option<String> = conn
        .prepare_cached("SELECT body FROM script WHERE doc = ?1 AND id = ?2")?
        .query_row(params![campaign.to_bytes(), script.to_string()], |row| row.get(0))
        .optional()?;
    Ok(body.map(|body| serde_json::from_str(&body)).transpose()?)
}

/// The ids of all versions, newest first.
pub(crate) fn versions(conn: &Connection, campaign: DocId) -> Result<Vec<ScriptId>, EngineError> {
    let mut select = conn.prepare_cached("SELECT id FROM script WHERE doc = ?1 ORDER BY id DESC")?;
    let rows = select.query_map(params![campaign.to_bytes()], |row| row.get::<_, String>(0))?;
    Ok(rows.filter_map(|id| id.map(|id| id.parse().ok()).transpose()).collect::<Result<_, _>>()?)
}
