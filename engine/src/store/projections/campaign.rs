//! Writing the rows of the campaign document. A value of `None` removes the row.

use crate::error::EngineError;
use porchlight_model::id::{DocId, MemberId, ScriptId, TurfId, WaveId};
use porchlight_model::turf::TurfEntry;
use rusqlite::{Connection, OptionalExtension, named_params, params};

pub(crate) fn put_campaign(conn: &Connection, doc: DocId, name: &str, script: &str) -> Result<(), EngineError> {
    // No REPLACE: triggers would take the script in force for another one.
    conn.prepare_cached(
        "INSERT INTO campaign (doc, name, script) VALUES (:doc, :name, :script)
         ON CONFLICT (doc) DO UPDATE SET name = excluded.name, script = excluded.script",
    )?
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

/// Deletes every wave before they are inserted again.
pub(crate) fn remove_waves(conn: &Connection, doc: DocId) -> Result<(), EngineError> {
    conn.prepare_cached("DELETE FROM wave WHERE doc = ?1")?.execute(params![doc.to_bytes()])?;
    Ok(())
}

/// Writes a wave's name.
pub(crate) fn put_wave(conn: &Connection, doc: DocId, id: WaveId, name: &str) -> Result<(), EngineError> {
    conn.prepare_cached(
        "INSERT INTO wave (doc, id, name) VALUES (?1, ?2, ?3)
         ON CONFLICT (doc, id) DO UPDATE SET name = excluded.name",
    )?
    .execute(params![doc.to_bytes(), id.to_bytes(), name])?;
    Ok(())
}

/// Writes that a wave has ended.
pub(crate) fn end_wave(conn: &Connection, doc: DocId, id: WaveId, at: i64) -> Result<(), EngineError> {
    conn.prepare_cached(
        "INSERT INTO wave (doc, id, name, ended_at) VALUES (?1, ?2, '', ?3)
         ON CONFLICT (doc, id) DO UPDATE SET ended_at = excluded.ended_at",
    )?
    .execute(params![doc.to_bytes(), id.to_bytes(), at])?;
    Ok(())
}

/// Writes when the start of a wave was undone; `None`: it was not.
pub(crate) fn put_undone(conn: &Connection, doc: DocId, id: WaveId, at: Option<i64>) -> Result<(), EngineError> {
    match at {
        Some(at) => conn
            .prepare_cached("INSERT OR REPLACE INTO wave_undone (doc, id, at) VALUES (?1, ?2, ?3)")?
            .execute(params![doc.to_bytes(), id.to_bytes(), at])?,
        None => conn
            .prepare_cached("DELETE FROM wave_undone WHERE doc = ?1 AND id = ?2")?
            .execute(params![doc.to_bytes(), id.to_bytes()])?,
    };
    Ok(())
}

/// Writes which document a turf has in a wave.
pub(crate) fn put_round(
    conn: &Connection,
    doc: DocId,
    wave: WaveId,
    turf: TurfId,
    turf_doc: Option<DocId>,
) -> Result<(), EngineError> {
    let keys = params![doc.to_bytes(), wave.to_bytes(), turf.to_bytes()];
    conn.prepare_cached("DELETE FROM round WHERE doc = ?1 AND wave = ?2 AND turf = ?3")?.execute(keys)?;
    if let Some(turf_doc) = turf_doc {
        conn.prepare_cached("INSERT INTO round (doc, wave, turf, turf_doc) VALUES (?1, ?2, ?3, ?4)")?
            .execute(params![doc.to_bytes(), wave.to_bytes(), turf.to_bytes(), turf_doc.to_bytes()])?;
    }
    put_first_round(conn, doc, turf)
}

/// The document that the list names is of the first wave, unless it is of another.
pub(crate) fn put_first_round(conn: &Connection, doc: DocId, turf: TurfId) -> Result<(), EngineError> {
    let first = WaveId::FIRST.to_bytes();
    conn.prepare_cached("DELETE FROM round WHERE doc = ?1 AND wave = ?2 AND turf = ?3")?.execute(params![
        doc.to_bytes(),
        first,
        turf.to_bytes()
    ])?;
    let entry: Option<String> = conn
        .prepare_cached("SELECT entry FROM turf WHERE id = ?1 AND doc = ?2")?
        .query_row(params![turf.to_bytes(), doc.to_bytes()], |row| row.get(0))
        .optional()?;
    let Some(listed) = entry.and_then(|entry| serde_json::from_str::<TurfEntry>(&entry).ok()) else { return Ok(()) };
    conn.prepare_cached(
        "INSERT INTO round (doc, wave, turf, turf_doc)
         SELECT ?1, ?2, ?3, ?4 WHERE NOT EXISTS (SELECT 1 FROM round WHERE doc = ?1 AND turf = ?3 AND turf_doc = ?4)",
    )?
    .execute(params![doc.to_bytes(), first, turf.to_bytes(), listed.doc.to_bytes()])?;
    Ok(())
}
