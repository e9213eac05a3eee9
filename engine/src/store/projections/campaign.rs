//! Writing the rows of the campaign document. A value of `None` removes the row.

use crate::error::EngineError;
use porchlight_model::id::{DocId, MemberId, ScriptId, TurfId};
use rusqlite::{Connection, named_params, params};

pub(crate) fn put_campaign(conn: &Connection, doc: DocId, name: &str, script: &str) -> Result<(), EngineError> {
    conn.prepare_cached("INSERT OR REPLACE INTO campaign (doc, name, script) VALUES (:doc, :name, :script)")?
        .execute(named_params! { ":doc": doc.to_bytes(), ":name": name, ":script": script })?;
    Ok(())
}

pub(crate) fn put_script(conn: &Connection, doc: DocId, id: ScriptId, body: Option<&str>) -> Result<(), EngineError> {
    match body {
        Some(body) => conn
            .prepare_cached("INSERT OR REPLACE INTO script (doc, id, body) VALUES (?1, ?2, ?3)")?
            .execute(params![doc.to_bytes(), id.to_string(), body])?,
        None => conn
            .prepare_cached("DELETE FROM script WHERE doc = ?1 AND id = ?2")?
            .execute(params![doc.to_bytes(), id.to_string()])?,
    };
    Ok(())
}

pub(crate) fn put_member(conn: &Connection, doc: DocId, id: MemberId, name: Option<&str>) -> Result<(), EngineError> {
    match name {
        Some(name) => conn
            .prepare_cached("INSERT OR REPLACE INTO member (doc, id, name) VALUES (?1, ?2, ?3)")?
            .execute(params![doc.to_bytes(), id.to_bytes(), name])?,
        None => conn
            .prepare_cached("DELETE FROM member WHERE doc = ?1 AND id = ?2")?
            .execute(params![doc.to_bytes(), id.to_bytes()])?,
    };
    Ok(())
}

pub(crate) fn put_turf(conn: &Connection, doc: DocId, id: TurfId, entry: Option<&str>) -> Result<(), EngineError> {
    match entry {
        Some(entry) => conn
            .prepare_cached("INSERT OR REPLACE INTO turf (id, doc, entry) VALUES (?1, ?2, ?3)")?
            .execute(params![id.to_bytes(), doc.to_bytes(), entry])?,
        None => conn.prepare_cached("DELETE FROM turf WHERE id = ?1")?.execute(params![id.to_bytes()])?,
    };
    Ok(())
}
