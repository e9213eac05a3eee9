//! Writing the rows of turf documents.

use crate::doc::judge::Retracted;
use crate::error::EngineError;
use porchlight_model::id::{DocId, MemberId, NoteId, QuestionId, VisitId, VoterId};
use rusqlite::{Connection, named_params, params};

/// What visits, notes, flags and people have in common: what about, when, by whom, in which change.
pub(crate) struct Mark {
    pub(crate) door: Option<[u8; 16]>,
    pub(crate) voter: Option<[u8; 16]>,
    pub(crate) at: i64,
    pub(crate) by: [u8; 16],
    pub(crate) change: [u8; 32],
}

/// A visit's columns.
pub(crate) struct VisitRow {
    pub(crate) mark: Mark,
    pub(crate) device: [u8; 16],
    pub(crate) how: String,
    pub(crate) result: String,
    pub(crate) script: String,
    /// When it was taken back, if it was.
    pub(crate) retracted_at: Option<i64>,
}

pub(crate) fn put_visit(conn: &Connection, doc: DocId, id: VisitId, row: &VisitRow) -> Result<(), EngineError> {
    conn.prepare_cached(include_str!("put_visit.sql"))?.execute(named_params! {
        ":doc": doc.to_bytes(), ":id": id.to_bytes(),
        ":door": row.mark.door.unwrap_or_default(), ":voter": row.mark.voter,
        ":at": row.mark.at, ":by_member": row.mark.by, ":device": row.device,
        ":how": row.how, ":result": row.result, ":script": row.script,
        ":is_retracted": row.retracted_at.is_some(), ":change_hash": row.mark.change,
    })?;
    if let Some(at) = row.retracted_at {
        conn.prepare_cached("INSERT OR REPLACE INTO retraction (doc, visit, at) VALUES (?1, ?2, ?3)")?
            .execute(params![doc.to_bytes(), id.to_bytes(), at])?;
    }
    Ok(())
}

/// Removes the rows of a visit that does not count.
pub(crate) fn drop_visit(conn: &Connection, doc: DocId, id: VisitId) -> Result<(), EngineError> {
    let of_visit = [
        "DELETE FROM visit WHERE doc = ?1 AND id = ?2",
        "DELETE FROM retraction WHERE doc = ?1 AND visit = ?2",
        "DELETE FROM asked WHERE doc = ?1 AND visit = ?2",
    ];
    drop_rows(conn, &of_visit, doc, id.to_bytes())
}

/// Removes the row of a note that does not count.
pub(crate) fn drop_note(conn: &Connection, doc: DocId, id: NoteId) -> Result<(), EngineError> {
    let of_note =
        ["DELETE FROM note WHERE doc = ?1 AND id = ?2", "DELETE FROM retracted_note WHERE doc = ?1 AND id = ?2"];
    drop_rows(conn, &of_note, doc, id.to_bytes())
}

/// Removes the row of a flag that does not count.
pub(crate) fn drop_flag(conn: &Connection, doc: DocId, id: NoteId) -> Result<(), EngineError> {
    drop_rows(conn, &["DELETE FROM flag WHERE doc = ?1 AND id = ?2"], doc, id.to_bytes())
}

/// Removes the row of a person who does not count.
pub(crate) fn drop_person(conn: &Connection, doc: DocId, id: VoterId) -> Result<(), EngineError> {
    drop_rows(conn, &["DELETE FROM every_person WHERE doc = ?1 AND id = ?2"], doc, id.to_bytes())
}

fn drop_rows(conn: &Connection, all: &[&str], doc: DocId, id: [u8; 16]) -> Result<(), EngineError> {
    for sql in all {
        conn.prepare_cached(sql)?.execute(params![doc.to_bytes(), id])?;
    }
    Ok(())
}

pub(crate) fn put_asked(
    conn: &Connection,
    doc: DocId,
    visit: VisitId,
    voter: VoterId,
    question: QuestionId,
    value: &str,
) -> Result<(), EngineError> {
    conn.prepare_cached(
        "INSERT OR REPLACE INTO asked (doc, visit, voter, question, value) VALUES (?1, ?2, ?3, ?4, ?5)",
    )?
    .execute(params![doc.to_bytes(), visit.to_bytes(), voter.to_bytes(), question.to_bytes(), value])?;
    Ok(())
}

/// Puts the present answer, or removes it.
pub(crate) fn put_answer(
    conn: &Connection,
    doc: DocId,
    voter: VoterId,
    question: QuestionId,
    value: Option<&str>,
) -> Result<(), EngineError> {
    match value {
        Some(value) => conn
            .prepare_cached("INSERT OR REPLACE INTO answer (doc, voter, question, value) VALUES (?1, ?2, ?3, ?4)")?
            .execute(params![doc.to_bytes(), voter.to_bytes(), question.to_bytes(), value])?,
        None => conn
            .prepare_cached("DELETE FROM answer WHERE doc = ?1 AND voter = ?2 AND question = ?3")?
            .execute(params![doc.to_bytes(), voter.to_bytes(), question.to_bytes()])?,
    };
    Ok(())
}

/// Replaces the differing answers of a conflict; none: there is no conflict.
pub(crate) fn put_conflict(
    conn: &Connection,
    doc: DocId,
    voter: VoterId,
    question: QuestionId,
    values: &[String],
) -> Result<(), EngineError> {
    conn.prepare_cached("DELETE FROM conflict WHERE doc = ?1 AND voter = ?2 AND question = ?3")?.execute(params![
        doc.to_bytes(),
        voter.to_bytes(),
        question.to_bytes()
    ])?;
    for value in values {
        conn.prepare_cached("INSERT INTO conflict (doc, voter, question, value) VALUES (?1, ?2, ?3, ?4)")?
            .execute(params![doc.to_bytes(), voter.to_bytes(), question.to_bytes(), value])?;
    }
    Ok(())
}

/// Voter and question of every answer row of a document.
pub(crate) fn answer_keys(conn: &Connection, doc: DocId) -> Result<Vec<(VoterId, QuestionId)>, EngineError> {
    let mut select = conn.prepare_cached("SELECT voter, question FROM answer WHERE doc = ?1")?;
    let rows = select.query_map(params![doc.to_bytes()], |row| {
        Ok((VoterId::from_bytes(row.get(0)?), QuestionId::from_bytes(row.get(1)?)))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(crate) fn put_note(conn: &Connection, doc: DocId, id: NoteId, mark: &Mark, text: &str) -> Result<(), EngineError> {
    conn.prepare_cached(include_str!("put_note.sql"))?.execute(named_params! {
        ":doc": doc.to_bytes(), ":id": id.to_bytes(), ":door": mark.door, ":voter": mark.voter,
        ":text": text, ":at": mark.at, ":by_member": mark.by, ":change_hash": mark.change,
    })?;
    Ok(())
}

/// Puts a note among those that were taken back.
pub(crate) fn put_retracted_note(
    conn: &Connection,
    doc: DocId,
    id: NoteId,
    (mark, text): (&Mark, &str),
    retraction: &Retracted,
) -> Result<(), EngineError> {
    conn.prepare_cached("DELETE FROM note WHERE doc = ?1 AND id = ?2")?
        .execute(params![doc.to_bytes(), id.to_bytes()])?;
    conn.prepare_cached(include_str!("put_retracted_note.sql"))?.execute(named_params! {
        ":doc": doc.to_bytes(), ":id": id.to_bytes(), ":door": mark.door, ":voter": mark.voter,
        ":text": text, ":at": mark.at, ":by_member": mark.by, ":change_hash": mark.change,
        ":retracted_at": retraction.at, ":retracted_by": retraction.by, ":retraction_hash": retraction.change,
    })?;
    Ok(())
}

pub(crate) fn put_flag(
    conn: &Connection,
    doc: DocId,
    id: NoteId,
    mark: &Mark,
    flag: &str,
    is_set: bool,
) -> Result<(), EngineError> {
    conn.prepare_cached(include_str!("put_flag.sql"))?.execute(named_params! {
        ":doc": doc.to_bytes(), ":id": id.to_bytes(), ":door": mark.door, ":voter": mark.voter,
        ":flag": flag, ":is_set": is_set, ":at": mark.at, ":by_member": mark.by, ":change_hash": mark.change,
    })?;
    Ok(())
}

/// `names` are given name, family name, telephone; `retracted_at` is when the person was taken back.
pub(crate) fn put_person(
    conn: &Connection,
    doc: DocId,
    id: VoterId,
    mark: &Mark,
    names: &[String; 3],
    retracted_at: Option<i64>,
) -> Result<(), EngineError> {
    let [first, last, phone] = names;
    conn.prepare_cached(include_str!("put_person.sql"))?.execute(named_params! {
        ":doc": doc.to_bytes(), ":id": id.to_bytes(), ":door": mark.door.unwrap_or_default(),
        ":first": first, ":last": last, ":phone": phone,
        ":at": mark.at, ":by_member": mark.by, ":change_hash": mark.change, ":retracted_at": retracted_at,
    })?;
    Ok(())
}

pub(crate) fn put_walker(conn: &Connection, doc: DocId, id: MemberId, name: &str) -> Result<(), EngineError> {
    conn.prepare_cached("INSERT OR REPLACE INTO walker (doc, id, name) VALUES (?1, ?2, ?3)")?.execute(params![
        doc.to_bytes(),
        id.to_bytes(),
        name
    ])?;
    Ok(())
}
