//! Notes about doors and about who lives behind them.

use super::flags::about;
use crate::error::EngineError;
use porchlight_model::id::{DocId, MemberId, NoteId, TurfId};
use porchlight_model::visit::About;
use rusqlite::{Connection, OptionalExtension, params};

/// Every note of a turf, in whichever wave, oldest first.
pub(crate) fn of_turf(conn: &Connection, turf: TurfId) -> Result<Vec<(About, String)>, EngineError> {
    let mut select = conn.prepare_cached(
        "SELECT n.door, n.voter, n.text FROM turf_doc t JOIN note n ON n.doc = t.doc WHERE t.turf = ?1 ORDER BY n.at, n.id",
    )?;
    let mut rows = select.query(params![turf.to_bytes()])?;
    let mut notes = Vec::new();
    while let Some(row) = rows.next()? {
        if let Some(about) = about(row)? {
            notes.push((about, row.get("text")?));
        }
    }
    Ok(notes)
}

/// Whose a note is, where it is kept, and what it is about.
pub(crate) struct NoteOwner {
    pub(crate) doc: DocId,
    pub(crate) by: MemberId,
    pub(crate) about: About,
}

/// The owner of a note that was not taken back.
pub(crate) fn owner(conn: &Connection, note: NoteId) -> Result<Option<NoteOwner>, EngineError> {
    // Notes are kept by document: look in each.
    let found = conn
        .prepare_cached(
            "SELECT n.doc, n.by_member, n.door, n.voter FROM turf_doc t CROSS JOIN note n ON n.doc = t.doc AND n.id = ?1 LIMIT 1",
        )?
        .query_row(params![note.to_bytes()], |row| {
            let (doc, by) = (DocId::from_bytes(row.get("doc")?), MemberId::from_bytes(row.get("by_member")?));
            Ok(about(row)?.map(|about| NoteOwner { doc, by, about }))
        })
        .optional()?;
    Ok(found.flatten())
}

/// Whether there is a note under an id, in whichever document, also one that was taken back.
pub(crate) fn is_here(conn: &Connection, note: NoteId) -> Result<bool, EngineError> {
    let sql = "SELECT 1 FROM turf_doc t CROSS JOIN every_note n ON n.doc = t.doc AND n.id = ?1";
    Ok(conn.prepare_cached(sql)?.exists(params![note.to_bytes()])?)
}
