//! What one member did on one turf.

use crate::error::EngineError;
use porchlight_model::id::{DocId, DoorId, MemberId, QuestionId, ScriptId, VisitId, VoterId};
use porchlight_model::time::At;
use porchlight_model::visit::ResultCode;
use rusqlite::{Connection, named_params, params};

/// A visit of the member that was not taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct OwnVisit {
    pub(crate) door: DoorId,
    pub(crate) voter: Option<VoterId>,
    pub(crate) at: At,
    pub(crate) result: Option<ResultCode>,
}

/// What a voter told the member at a visit that was not taken back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Told {
    pub(crate) visit: VisitId,
    pub(crate) at: At,
    pub(crate) voter: VoterId,
    pub(crate) question: QuestionId,
    pub(crate) value: String,
    pub(crate) script: Option<ScriptId>,
}

/// How many acts of this device a document has, and how many of them a relay holds.
pub(crate) fn n_acts(conn: &Connection, doc: DocId) -> Result<(u32, u32), EngineError> {
    Ok(conn
        .prepare_cached(include_str!("shift/n_acts.sql"))?
        .query_row(named_params! { ":doc": doc.to_bytes() }, |row| Ok((row.get("n_acts")?, row.get("n_safe")?)))?)
}

/// The visits of a member in order of time.
pub(crate) fn visits(conn: &Connection, doc: DocId, member: MemberId) -> Result<Vec<OwnVisit>, EngineError> {
    let mut select = conn.prepare_cached(
        "SELECT door, voter, at, result FROM visit WHERE doc = ?1 AND by_member = ?2 AND is_retracted = 0 ORDER BY at, id",
    )?;
    let rows = select.query_map(params![doc.to_bytes(), member.to_bytes()], |row| {
        let result: String = row.get("result")?;
        Ok(OwnVisit {
            door: DoorId::from_bytes(row.get("door")?),
            voter: row.get::<_, Option<_>>("voter")?.map(VoterId::from_bytes),
            at: At(row.get("at")?),
            result: ResultCode::parse(&result),
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// What was said to a member, in order of time.
pub(crate) fn told(conn: &Connection, doc: DocId, member: MemberId) -> Result<Vec<Told>, EngineError> {
    let mut select = conn.prepare_cached(include_str!("shift/told.sql"))?;
    let rows = select.query_map(named_params! { ":doc": doc.to_bytes(), ":member": member.to_bytes() }, |row| {
        let script: String = row.get("script")?;
        Ok(Told {
            visit: VisitId::from_bytes(row.get("visit")?),
            at: At(row.get("at")?),
            voter: VoterId::from_bytes(row.get("voter")?),
            question: QuestionId::from_bytes(row.get("question")?),
            value: row.get("value")?,
            script: script.parse().ok(),
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// When the member added people.
pub(crate) fn added(conn: &Connection, doc: DocId, member: MemberId) -> Result<Vec<At>, EngineError> {
    let mut select = conn.prepare_cached("SELECT at FROM person WHERE doc = ?1 AND by_member = ?2 ORDER BY at, id")?;
    let rows = select.query_map(params![doc.to_bytes(), member.to_bytes()], |row| row.get(0).map(At))?;
    Ok(rows.collect::<Result<_, _>>()?)
}
