//! The subject of a turf document according to the campaign's list: its turf, its name, its pack. The document itself is no authority: anyone who
//! may write it could change that, also a canvasser.

use crate::error::EngineError;
use porchlight_model::id::{DocId, TurfId};
use porchlight_model::turf::TurfEntry;
use rusqlite::{Connection, OptionalExtension, named_params, params};

/// Brings what is known of one document in line with the list. Nothing is known of one that is not listed, or of which nothing is here.
pub(crate) fn put_doc(conn: &Connection, doc: DocId) -> Result<(), EngineError> {
    let Some(entry) = entry(conn, doc)? else {
        conn.prepare_cached("DELETE FROM turf_doc WHERE doc = ?1")?.execute(params![doc.to_bytes()])?;
        return Ok(());
    };
    conn.prepare_cached(include_str!("put_turf_doc.sql"))?.execute(named_params! {
        ":doc": doc.to_bytes(), ":turf": entry.id.to_bytes(), ":name": entry.name, ":pack": entry.pack.0,
        ":minutes": entry.minutes,
    })?;
    Ok(())
}

/// The same for every document of a turf.
pub(crate) fn put_turf(conn: &Connection, turf: TurfId) -> Result<(), EngineError> {
    let mut select = conn
        .prepare_cached("SELECT turf_doc FROM round WHERE turf = ?1 UNION SELECT doc FROM turf_doc WHERE turf = ?1")?;
    let docs = select.query_map(params![turf.to_bytes()], |row| row.get(0).map(DocId::from_bytes))?;
    let docs: Vec<DocId> = docs.collect::<Result<_, _>>()?;
    docs.into_iter().try_for_each(|doc| put_doc(conn, doc))
}

/// Deletes the subjects of all documents, before the list is derived again.
pub(crate) fn clear(conn: &Connection) -> Result<(), EngineError> {
    conn.execute("DELETE FROM turf_doc", [])?;
    Ok(())
}

fn entry(conn: &Connection, doc: DocId) -> Result<Option<TurfEntry>, EngineError> {
    let text: Option<String> = conn
        .prepare_cached(include_str!("listed.sql"))?
        .query_row(named_params! { ":doc": doc.to_bytes() }, |row| row.get(0))
        .optional()?;
    Ok(text.and_then(|text| serde_json::from_str(&text).ok()))
}
