//! What one member recorded on one turf, with what they took back: newest first.

use super::flags::about;
use crate::error::EngineError;
use porchlight_model::id::{DeviceId, DocId, DoorId, MemberId, ScriptId, VisitId, VoterId};
use porchlight_model::time::At;
use porchlight_model::visit::{About, Flag, How, ResultCode};
use rusqlite::{Connection, OptionalExtension, Row, named_params, params};

/// A visit of the member, whether it stands or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct OwnVisit {
    pub(crate) visit: VisitId,
    pub(crate) door: DoorId,
    pub(crate) voter: Option<VoterId>,
    pub(crate) at: At,
    pub(crate) how: How,
    pub(crate) result: ResultCode,
    pub(crate) script: Option<ScriptId>,
    pub(crate) is_retracted: bool,
    /// When it was taken back, where this device knows.
    pub(crate) retracted_at: Option<At>,
}

/// A flag that the member was the last to set or lift.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct OwnFlag {
    pub(crate) about: About,
    pub(crate) flag: Flag,
    pub(crate) is_set: bool,
    pub(crate) at: At,
}

/// The visits of a member, newest first; results that a newer version of this program wrote are left out.
pub(crate) fn visits(conn: &Connection, doc: DocId, member: MemberId) -> Result<Vec<OwnVisit>, EngineError> {
    let mut select = conn.prepare_cached(include_str!("own/visits.sql"))?;
    let rows = select.query_map(named_params! { ":doc": doc.to_bytes(), ":member": member.to_bytes() }, visit)?;
    Ok(rows.filter_map(Result::transpose).collect::<Result<_, _>>()?)
}

/// The visits that a device made at a door since an instant and that stand, newest first.
pub(crate) fn visits_at(
    conn: &Connection,
    doc: DocId,
    door: DoorId,
    device: DeviceId,
    since: At,
) -> Result<Vec<OwnVisit>, EngineError> {
    let mut select = conn.prepare_cached(include_str!("own/visits_at.sql"))?;
    let params = named_params! {
        ":doc": doc.to_bytes(), ":door": door.to_bytes(), ":device": device.to_bytes(), ":since": since.0,
    };
    Ok(select.query_map(params, visit)?.filter_map(Result::transpose).collect::<Result<_, _>>()?)
}

/// One visit of a document.
pub(crate) fn visit_of(conn: &Connection, doc: DocId, id: VisitId) -> Result<Option<OwnVisit>, EngineError> {
    let mut select = conn.prepare_cached(include_str!("own/visit.sql"))?;
    let mut rows = select.query_map(named_params! { ":doc": doc.to_bytes(), ":visit": id.to_bytes() }, visit)?;
    Ok(rows.next().transpose()?.flatten())
}

/// The visit that is the same act as one that was taken back, recorded again, where it stands.
pub(crate) fn same_that_stands(
    conn: &Connection,
    doc: DocId,
    member: MemberId,
    visit: &OwnVisit,
) -> Result<Option<VisitId>, EngineError> {
    let ids = named_params! {
        ":doc": doc.to_bytes(), ":door": visit.door.to_bytes(), ":voter": visit.voter.map(VoterId::to_bytes),
        ":at": visit.at.0, ":member": member.to_bytes(), ":how": visit.how.as_str(), ":result": visit.result.as_str(),
    };
    let mut select = conn.prepare_cached(include_str!("own/same_that_stands.sql"))?;
    Ok(select.query_row(ids, |row| row.get(0).map(VisitId::from_bytes)).optional()?)
}

/// Whether a member wrote a note with this text at this instant.
pub(crate) fn has_note(
    conn: &Connection,
    doc: DocId,
    member: MemberId,
    at: At,
    text: &str,
) -> Result<bool, EngineError> {
    let mut select =
        conn.prepare_cached("SELECT 1 FROM note WHERE doc = ?1 AND by_member = ?2 AND at = ?3 AND text = ?4 LIMIT 1")?;
    Ok(select.exists(params![doc.to_bytes(), member.to_bytes(), at.0, text])?)
}

/// The flags that stand, or were lifted, by a member's last word, newest first.
pub(crate) fn flags(conn: &Connection, doc: DocId, member: MemberId) -> Result<Vec<OwnFlag>, EngineError> {
    let mut select = conn.prepare_cached(include_str!("own/flags.sql"))?;
    let mut rows = select.query(named_params! { ":doc": doc.to_bytes(), ":member": member.to_bytes() })?;
    let mut flags = Vec::new();
    while let Some(row) = rows.next()? {
        let name: String = row.get("flag")?;
        if let (Some(about), Some(flag)) = (about(row)?, Flag::known(&name)) {
            flags.push(OwnFlag { about, flag, is_set: row.get("is_set")?, at: At(row.get("at")?) });
        }
    }
    Ok(flags)
}

fn visit(row: &Row<'_>) -> rusqlite::Result<Option<OwnVisit>> {
    let (how, result, script): (String, String, String) = (row.get("how")?, row.get("result")?, row.get("script")?);
    let Some(result) = ResultCode::known(&result) else { return Ok(None) };
    Ok(Some(OwnVisit {
        visit: VisitId::from_bytes(row.get("id")?),
        door: DoorId::from_bytes(row.get("door")?),
        voter: row.get::<_, Option<_>>("voter")?.map(VoterId::from_bytes),
        at: At(row.get("at")?),
        how: How::parse(&how),
        result,
        script: script.parse().ok(),
        is_retracted: row.get("is_retracted")?,
        retracted_at: row.get::<_, Option<i64>>("retracted_at")?.map(At),
    }))
}
