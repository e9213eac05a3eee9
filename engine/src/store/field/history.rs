//! The history of a door, from every document that contains part of it.

use super::flags::about;
use crate::error::EngineError;
use porchlight_model::calls::door::Safety;
use porchlight_model::id::{DocId, DoorId, MemberId, NoteId, QuestionId, ScriptId, VisitId, VoterId};
use porchlight_model::time::At;
use porchlight_model::visit::{About, Flag, How, ResultCode};
use rusqlite::{Connection, Row, Rows, named_params};

/// In which document, when, by whom, about whom, and whether a relay has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Signed {
    pub(crate) doc: DocId,
    pub(crate) at: At,
    pub(crate) by: MemberId,
    pub(crate) by_name: String,
    pub(crate) voter: Option<VoterId>,
    pub(crate) safety: Safety,
    /// The door at which it happened, where that is known.
    pub(crate) happened: Option<DoorId>,
}

/// A visit with what came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PastVisit {
    pub(crate) signed: Signed,
    pub(crate) visit: VisitId,
    pub(crate) how: How,
    pub(crate) result: ResultCode,
    pub(crate) script: Option<ScriptId>,
    pub(crate) is_retracted: bool,
}

/// What was said at a visit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Said {
    pub(crate) visit: VisitId,
    pub(crate) question: QuestionId,
    pub(crate) value: String,
}

/// Visits of a door.
pub(crate) fn visits(conn: &Connection, campaign: DocId, door: DoorId) -> Result<Vec<PastVisit>, EngineError> {
    let mut select = conn.prepare_cached(include_str!("history/visits.sql"))?;
    read_visits(select.query(named_params! { ":campaign": campaign.to_bytes(), ":door": door.to_bytes() })?)
}

/// Visits to a voter at other doors than `door`: where they lived before.
pub(crate) fn visits_elsewhere(
    conn: &Connection,
    campaign: DocId,
    voter: VoterId,
    door: DoorId,
) -> Result<Vec<PastVisit>, EngineError> {
    let mut select = conn.prepare_cached(include_str!("history/visits_elsewhere.sql"))?;
    read_visits(select.query(named_params! {
        ":campaign": campaign.to_bytes(), ":voter": voter.to_bytes(), ":door": door.to_bytes(),
    })?)
}

fn read_visits(mut rows: Rows<'_>) -> Result<Vec<PastVisit>, EngineError> {
    let mut visits = Vec::new();
    while let Some(row) = rows.next()? {
        let (how, result, script): (String, String, String) = (row.get("how")?, row.get("result")?, row.get("script")?);
        visits.push(PastVisit {
            signed: Signed { happened: Some(DoorId::from_bytes(row.get("door")?)), ..signed(row)? },
            visit: VisitId::from_bytes(row.get("id")?),
            how: How::parse(&how),
            result: ResultCode::parse(&result),
            script: script.parse().ok(),
            is_retracted: row.get("is_retracted")?,
        });
    }
    Ok(visits)
}

/// What was said at a visit.
pub(crate) fn said_at(conn: &Connection, doc: DocId, visit: VisitId) -> Result<Vec<Said>, EngineError> {
    let said = super::visits::said(conn, doc, visit)?;
    Ok(said.into_iter().map(|(_, question, value)| Said { visit, question, value }).collect())
}

/// What was said at the visits of a door.
pub(crate) fn said(conn: &Connection, door: DoorId) -> Result<Vec<Said>, EngineError> {
    let mut select = conn.prepare_cached(include_str!("history/said.sql"))?;
    let rows = select.query_map(named_params! { ":door": door.to_bytes() }, |row| {
        Ok(Said {
            visit: VisitId::from_bytes(row.get("visit")?),
            question: QuestionId::from_bytes(row.get("question")?),
            value: row.get("value")?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Notes about a door and everyone behind it.
pub(crate) fn notes(
    conn: &Connection,
    campaign: DocId,
    door: DoorId,
) -> Result<Vec<(Signed, NoteId, String)>, EngineError> {
    let mut select = conn.prepare_cached(include_str!("history/notes.sql"))?;
    let rows =
        select.query_map(named_params! { ":campaign": campaign.to_bytes(), ":door": door.to_bytes() }, |row| {
            let happened = row.get::<_, Option<_>>("happened")?.map(DoorId::from_bytes);
            Ok((Signed { happened, ..signed(row)? }, NoteId::from_bytes(row.get("id")?), row.get("text")?))
        })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Settings and liftings of the flags of a door and everyone behind it: which flag, and whether it was set.
pub(crate) fn flags(
    conn: &Connection,
    campaign: DocId,
    door: DoorId,
) -> Result<Vec<(Signed, Flag, bool)>, EngineError> {
    let mut select = conn.prepare_cached(include_str!("history/flags.sql"))?;
    let mut rows = select.query(named_params! { ":campaign": campaign.to_bytes(), ":door": door.to_bytes() })?;
    let mut flags = Vec::new();
    while let Some(row) = rows.next()? {
        let flag: String = row.get("flag")?;
        if let Some(flag) = Flag::known(&flag) {
            flags.push((signed(row)?, flag, row.get("is_set")?));
        }
    }
    Ok(flags)
}

/// People added at a door, by name.
pub(crate) fn people(conn: &Connection, campaign: DocId, door: DoorId) -> Result<Vec<(Signed, String)>, EngineError> {
    let mut select = conn.prepare_cached(include_str!("history/people.sql"))?;
    let rows =
        select.query_map(named_params! { ":campaign": campaign.to_bytes(), ":door": door.to_bytes() }, |row| {
            let (first, last): (String, String) = (row.get("first")?, row.get("last")?);
            Ok((signed(row)?, format!("{first} {last}").trim().to_owned()))
        })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn signed(row: &Row<'_>) -> rusqlite::Result<Signed> {
    Ok(Signed {
        doc: DocId::from_bytes(row.get("doc")?),
        at: At(row.get("at")?),
        by: MemberId::from_bytes(row.get("by_member")?),
        by_name: row.get("by_name")?,
        voter: match about(row)? {
            Some(About::Voter(voter)) => Some(voter),
            Some(About::Door(_)) | None => None,
        },
        safety: match row.get::<_, i64>("safety")? {
            2 => Safety::Seen,
            1 => Safety::Relay,
            _ => Safety::Here,
        },
        happened: None,
    })
}
