//! Notes about doors and about who lives behind them.

use super::flags::about;
use crate::error::EngineError;
use porchlight_model::id::{DocId, MemberId, NoteId, TurfId, VisitId};
use porchlight_model::time::At;
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

/// The notes that were written with a visit: in the same change, about the same door or person, and not taken back.
pub(crate) fn of_visit(conn: &Connection, doc: DocId, visit: VisitId) -> Result<Vec<NoteId>, EngineError> {
    let mut select = conn.prepare_cached(
        "SELECT n.id FROM visit v JOIN note n ON n.doc = v.doc AND n.change_hash = v.change_hash AND n.by_member = v.by_member
             AND n.voter IS v.voter AND (v.voter IS NOT NULL OR n.door = v.door)
         WHERE v.doc = ?1 AND v.id = ?2 ORDER BY n.id",
    )?;
    let rows =
        select.query_map(params![doc.to_bytes(), visit.to_bytes()], |row| Ok(NoteId::from_bytes(row.get("id")?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The texts of the notes that were taken back together with a visit, at an instant.
pub(crate) fn taken_back_with(
    conn: &Connection,
    doc: DocId,
    visit: VisitId,
    at: At,
) -> Result<Vec<String>, EngineError> {
    let mut select = conn.prepare_cached(
        "SELECT n.text FROM visit v JOIN retracted_note n ON n.doc = v.doc AND n.change_hash = v.change_hash
             AND n.by_member = v.by_member AND n.voter IS v.voter AND (v.voter IS NOT NULL OR n.door = v.door)
         WHERE v.doc = ?1 AND v.id = ?2 AND n.retracted_at = ?3 ORDER BY n.id",
    )?;
    let rows = select.query_map(params![doc.to_bytes(), visit.to_bytes(), at.0], |row| row.get("text"))?;
    Ok(rows.collect::<Result<_, _>>()?)
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
