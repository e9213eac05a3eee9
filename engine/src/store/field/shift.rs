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

/// An answer that a voter gave the member at a visit that was not retracted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct OwnAnswer {
    pub(crate) visit: VisitId,
    pub(crate) at: At,
    pub(crate) voter: VoterId,
    pub(crate) question: QuestionId,
    pub(crate) value: String,
    pub(crate) script: Option<ScriptId>,
}

/// How many acts of this device a document has, and where they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Acts {
    pub(crate) n_acts: u32,
    /// Those that a relay holds.
    pub(crate) n_safe: u32,
    /// Those of them that a coordinator's device has stored.
    pub(crate) n_seen: u32,
}

/// Counts the acts of this device in a document.
pub(crate) fn acts(conn: &Connection, doc: DocId) -> Result<Acts, EngineError> {
    let mut select = conn.prepare_cached(include_str!("shift/n_acts.sql"))?;
    Ok(select.query_row(named_params! { ":doc": doc.to_bytes() }, |row| {
        Ok(Acts { n_acts: row.get("n_acts")?, n_safe: row.get("n_safe")?, n_seen: row.get("n_seen")? })
    })?)
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
            result: ResultCode::known(&result),
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// What was said to a member, in order of time.
pub(crate) fn told(conn: &Connection, doc: DocId, member: MemberId) -> Result<Vec<OwnAnswer>, EngineError> {
    let mut select = conn.prepare_cached(include_str!("shift/told.sql"))?;
    let rows = select.query_map(named_params! { ":doc": doc.to_bytes(), ":member": member.to_bytes() }, |row| {
        let script: String = row.get("script")?;
        Ok(OwnAnswer {
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
