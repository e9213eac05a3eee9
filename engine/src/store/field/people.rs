//! Voters of the file and people added at a door, with their present answers.

use crate::error::EngineError;
use porchlight_model::id::{DocId, DoorId, QuestionId, ScriptId, TurfId, VoterId};
use porchlight_model::time::At;
use porchlight_model::voter::Voter;
use rusqlite::{Connection, Row, named_params};

/// Who lives behind which door: enough for a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Resident {
    pub(crate) door: DoorId,
    pub(crate) voter: VoterId,
    pub(crate) name: String,
    /// When they were added at the door; `None` for someone of the file.
    pub(crate) added_at: Option<At>,
}

/// Everyone of a turf: voters by name, then people added in whichever wave, in the order in which they were.
pub(crate) fn of_turf(conn: &Connection, turf: TurfId) -> Result<Vec<Resident>, EngineError> {
    let resident = |row: &Row<'_>| {
        let (first, last): (String, String) = (row.get("first")?, row.get("last")?);
        Ok(Resident {
            door: DoorId::from_bytes(row.get("door")?),
            voter: VoterId::from_bytes(row.get("id")?),
            name: format!("{first} {last}").trim().to_owned(),
            added_at: row.get::<_, Option<i64>>("at")?.map(At),
        })
    };
    let mut voters = conn.prepare_cached(include_str!("people/voters_of_turf.sql"))?;
    let mut all: Vec<Resident> =
        voters.query_map(named_params! { ":turf": turf.to_bytes() }, resident)?.collect::<Result<_, _>>()?;
    let mut added = conn.prepare_cached(include_str!("people/added_in_turf.sql"))?;
    for person in added.query_map(named_params! { ":turf": turf.to_bytes() }, resident)? {
        all.push(person?);
    }
    Ok(all)
}

/// Everyone behind a door, and when they were added there, if they were: voters by name, then people added.
pub(crate) fn of_door(conn: &Connection, door: DoorId) -> Result<Vec<(Voter, Option<At>)>, EngineError> {
    let mut select = conn.prepare_cached(include_str!("people/of_door.sql"))?;
    let rows = select.query_map(named_params! { ":door": door.to_bytes() }, |row| {
        let voter = Voter {
            id: VoterId::from_bytes(row.get("id")?),
            door,
            first: row.get("first")?,
            last: row.get("last")?,
            age: row.get("age")?,
            party: row.get("party")?,
            phone: row.get("phone")?,
            source_id: row.get("source_id")?,
        };
        let added_at: i64 = row.get("at")?;
        Ok((voter, row.get::<_, bool>("is_added")?.then_some(At(added_at))))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// One present answer; [`Self::is_conflict`] when another one waits beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct AnswerRow {
    pub(crate) voter: VoterId,
    pub(crate) question: QuestionId,
    pub(crate) value: String,
    pub(crate) is_conflict: bool,
    /// The version of the script with which it was given, as far as a visit tells.
    pub(crate) script: Option<ScriptId>,
}

/// The present answers of everyone behind a door.
pub(crate) fn answers(conn: &Connection, doc: DocId, door: DoorId) -> Result<Vec<AnswerRow>, EngineError> {
    let mut select = conn.prepare_cached(include_str!("people/answers.sql"))?;
    let rows = select.query_map(named_params! { ":doc": doc.to_bytes(), ":door": door.to_bytes() }, |row| {
        Ok(AnswerRow {
            voter: VoterId::from_bytes(row.get("voter")?),
            question: QuestionId::from_bytes(row.get("question")?),
            value: row.get("value")?,
            is_conflict: row.get("is_conflict")?,
            script: row.get::<_, String>("script")?.parse().ok(),
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}
