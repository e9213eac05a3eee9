//! Visits of a turf, and what is needed to take one back.

use crate::error::EngineError;
use porchlight_model::id::{DocId, DoorId, MemberId, QuestionId, VisitId, VoterId};
use porchlight_model::time::At;
use porchlight_model::visit::{Outcome, ResultCode};
use rusqlite::{Connection, OptionalExtension, named_params, params};

/// A visit that was not taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct VisitMark {
    pub(crate) door: DoorId,
    pub(crate) voter: Option<VoterId>,
    pub(crate) at: At,
    pub(crate) by: MemberId,
    /// `None`: a code that a newer version of this program wrote.
    pub(crate) result: Option<ResultCode>,
}

/// Every visit of a turf's document that was not taken back, in order of time.
pub(crate) fn of_turf(conn: &Connection, doc: DocId) -> Result<Vec<VisitMark>, EngineError> {
    let mut select = conn.prepare_cached(
        "SELECT door, voter, at, by_member, result FROM visit WHERE doc = ?1 AND is_retracted = 0 ORDER BY at, id",
    )?;
    let rows = select.query_map(params![doc.to_bytes()], |row| {
        let result: String = row.get("result")?;
        Ok(VisitMark {
            door: DoorId::from_bytes(row.get("door")?),
            voter: row.get::<_, Option<_>>("voter")?.map(VoterId::from_bytes),
            at: At(row.get("at")?),
            by: MemberId::from_bytes(row.get("by_member")?),
            result: ResultCode::known(&result),
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

impl VisitMark {
    /// What the state of the door depends on; `None` for a code of a newer version.
    pub(crate) fn outcome(&self) -> Option<Outcome> {
        self.result.map(|result| Outcome { voter: self.voter, at: self.at, result })
    }
}

/// What came of the visits of a door in one document that were not taken back, in order of time.
pub(crate) fn outcomes_at(conn: &Connection, doc: DocId, door: DoorId) -> Result<Vec<Outcome>, EngineError> {
    let mut select = conn.prepare_cached(
        "SELECT voter, at, result FROM visit WHERE door = ?1 AND doc = ?2 AND is_retracted = 0 ORDER BY at, id",
    )?;
    let rows = select.query_map(params![door.to_bytes(), doc.to_bytes()], |row| {
        let result: String = row.get("result")?;
        let voter = row.get::<_, Option<_>>("voter")?.map(VoterId::from_bytes);
        let at = At(row.get("at")?);
        Ok(ResultCode::known(&result).map(|result| Outcome { voter, at, result }))
    })?;
    Ok(rows.filter_map(Result::transpose).collect::<Result<_, _>>()?)
}

/// Whose a visit is, where it is kept, and whether it was taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct VisitOwner {
    pub(crate) doc: DocId,
    pub(crate) door: DoorId,
    pub(crate) by: MemberId,
    pub(crate) is_retracted: bool,
}

/// The owner of a visit made at a door of this device.
pub(crate) fn owner(conn: &Connection, visit: VisitId) -> Result<Option<VisitOwner>, EngineError> {
    Ok(conn
        .prepare_cached(include_str!("visits/owner.sql"))?
        .query_row(named_params! { ":visit": visit.to_bytes() }, |row| {
            Ok(VisitOwner {
                doc: DocId::from_bytes(row.get("doc")?),
                door: DoorId::from_bytes(row.get("door")?),
                by: MemberId::from_bytes(row.get("by_member")?),
                is_retracted: row.get("is_retracted")?,
            })
        })
        .optional()?)
}

/// The document of the newest standing visit to a voter, when it was not at `door`: they have moved since.
pub(crate) fn last_elsewhere(conn: &Connection, voter: VoterId, door: DoorId) -> Result<Option<DocId>, EngineError> {
    let newest = "SELECT doc, door FROM visit WHERE voter = ?1 AND is_retracted = 0 ORDER BY at DESC, id DESC LIMIT 1";
    let found = conn
        .prepare_cached(newest)?
        .query_row(params![voter.to_bytes()], |row| Ok((DocId::from_bytes(row.get(0)?), row.get::<_, [u8; 16]>(1)?)))
        .optional()?;
    Ok(found.filter(|(_, at)| *at != door.to_bytes()).map(|(doc, _)| doc))
}

/// What was said at a visit.
pub(crate) fn said(
    conn: &Connection,
    doc: DocId,
    visit: VisitId,
) -> Result<Vec<(VoterId, QuestionId, String)>, EngineError> {
    let mut select = conn.prepare_cached("SELECT voter, question, value FROM asked WHERE doc = ?1 AND visit = ?2")?;
    let rows = select.query_map(params![doc.to_bytes(), visit.to_bytes()], |row| {
        Ok((VoterId::from_bytes(row.get(0)?), QuestionId::from_bytes(row.get(1)?), row.get(2)?))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// What a voter said to a question at the visits that were not taken back, the latest first.
pub(crate) fn standing_answers(
    conn: &Connection,
    doc: DocId,
    voter: VoterId,
    question: QuestionId,
) -> Result<Vec<(VisitId, String)>, EngineError> {
    let mut select = conn.prepare_cached(include_str!("visits/standing_answers.sql"))?;
    let rows = select.query_map(
        named_params! { ":doc": doc.to_bytes(), ":voter": voter.to_bytes(), ":question": question.to_bytes() },
        |row| Ok((VisitId::from_bytes(row.get("visit")?), row.get("value")?)),
    )?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Whether a voter answered a question at a visit after `at` that was not taken back.
pub(crate) fn is_answered_since(
    conn: &Connection,
    doc: DocId,
    (voter, question): (VoterId, QuestionId),
    at: At,
) -> Result<bool, EngineError> {
    let sql = "SELECT 1 FROM asked a JOIN visit v ON v.doc = a.doc AND v.id = a.visit
               WHERE a.voter = :voter AND a.question = :question AND a.doc = :doc AND v.is_retracted = 0 AND v.at > :at";
    let ids = named_params! {
        ":doc": doc.to_bytes(), ":voter": voter.to_bytes(), ":question": question.to_bytes(), ":at": at.0,
    };
    Ok(conn.prepare_cached(sql)?.exists(ids)?)
}
