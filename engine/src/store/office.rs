//! Rows that the office reads over all turf.

use crate::error::EngineError;
use crate::findable;
use porchlight_model::id::{DocId, DoorId, MemberId, QuestionId, VisitId, VoterId};
use porchlight_model::time::At;
use rusqlite::{Connection, OptionalExtension, named_params, params};

/// Present answers of a document that are not disputed.
pub(crate) fn answers(conn: &Connection, doc: DocId) -> Result<Vec<(VoterId, QuestionId, String)>, EngineError> {
    let mut select = conn.prepare_cached(
        "SELECT voter, question, value FROM answer a WHERE doc = ?1 AND NOT EXISTS
           (SELECT 1 FROM conflict c WHERE c.doc = a.doc AND c.voter = a.voter AND c.question = a.question)",
    )?;
    let rows = select.query_map(params![doc.to_bytes()], |row| {
        Ok((VoterId::from_bytes(row.get(0)?), QuestionId::from_bytes(row.get(1)?), row.get(2)?))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// One answer of a conflict.
pub(crate) struct Disputed {
    pub(crate) doc: DocId,
    pub(crate) voter: VoterId,
    pub(crate) question: QuestionId,
    pub(crate) value: String,
}

/// Every answer of every conflict, those of one conflict together.
pub(crate) fn disputed(conn: &Connection) -> Result<Vec<Disputed>, EngineError> {
    let mut select =
        conn.prepare_cached("SELECT doc, voter, question, value FROM conflict ORDER BY doc, voter, question, value")?;
    let rows = select.query_map([], |row| {
        Ok(Disputed {
            doc: DocId::from_bytes(row.get(0)?),
            voter: VoterId::from_bytes(row.get(1)?),
            question: QuestionId::from_bytes(row.get(2)?),
            value: row.get(3)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The last visit that was not taken back at which a voter gave an answer: which, when, by whom, and their name.
pub(crate) fn said_at(
    conn: &Connection,
    campaign: DocId,
    side: &Disputed,
) -> Result<Option<(VisitId, At, MemberId, String)>, EngineError> {
    Ok(conn
        .prepare_cached(include_str!("office/said_at.sql"))?
        .query_row(
            named_params! {
                ":campaign": campaign.to_bytes(), ":doc": side.doc.to_bytes(), ":voter": side.voter.to_bytes(),
                ":question": side.question.to_bytes(), ":value": side.value,
            },
            |row| {
                Ok((
                    VisitId::from_bytes(row.get("id")?),
                    At(row.get("at")?),
                    MemberId::from_bytes(row.get("by_member")?),
                    row.get("by_name")?,
                ))
            },
        )
        .optional()?)
}

/// Voters whose name or address has words that begin so (FTS5 syntax, already quoted), at most `limit`.
pub(crate) fn found(conn: &Connection, query: &str, limit: u32) -> Result<Vec<VoterId>, EngineError> {
    let mut select = conn.prepare_cached("SELECT voter FROM search WHERE search MATCH ?1 LIMIT ?2")?;
    let texts = select.query_map(params![query, limit], |row| row.get::<_, String>(0))?;
    texts
        .map(|text| text?.parse().map_err(|_| EngineError::Corrupt { what: "a voter id in search".to_owned() }))
        .collect()
}

/// People added at doors by name, with the words under which they are found.
pub(crate) fn added(conn: &Connection) -> Result<Vec<(VoterId, String)>, EngineError> {
    let mut select = conn.prepare_cached(include_str!("office/added.sql"))?;
    let rows = select.query_map([], |row| {
        let text = |name: &str| row.get::<_, String>(name);
        let name = findable::name(&text("first")?, &text("last")?);
        let address = findable::address_of(&text("number")?, &text("street")?, &text("unit")?);
        Ok((VoterId::from_bytes(row.get("id")?), format!("{name} {address}")))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// A visit as it is exported.
pub(crate) struct ExportVisit {
    pub(crate) doc: DocId,
    pub(crate) id: VisitId,
    pub(crate) at: At,
    pub(crate) by_name: String,
    pub(crate) how: String,
    pub(crate) result: String,
    pub(crate) turf: String,
    /// The wave's name; empty for the first.
    pub(crate) wave: String,
    pub(crate) door: DoorId,
    pub(crate) voter: Option<VoterId>,
}

/// Every visit that was not taken back, in order of time.
pub(crate) fn visits(conn: &Connection, campaign: DocId) -> Result<Vec<ExportVisit>, EngineError> {
    let mut select = conn.prepare_cached(include_str!("office/visits.sql"))?;
    let rows = select.query_map(named_params! { ":campaign": campaign.to_bytes() }, |row| {
        Ok(ExportVisit {
            doc: DocId::from_bytes(row.get("doc")?),
            id: VisitId::from_bytes(row.get("id")?),
            at: At(row.get("at")?),
            by_name: row.get("by_name")?,
            how: row.get("how")?,
            result: row.get("result")?,
            turf: row.get("turf")?,
            wave: row.get("wave")?,
            door: DoorId::from_bytes(row.get("door")?),
            voter: row.get::<_, Option<_>>("voter")?.map(VoterId::from_bytes),
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// A present answer.
pub(crate) struct Answered {
    pub(crate) doc: DocId,
    pub(crate) turf: String,
    /// The wave's name; empty for the first.
    pub(crate) wave: String,
    pub(crate) voter: VoterId,
    pub(crate) question: QuestionId,
    pub(crate) value: String,
}

/// Every present answer, by document and voter.
pub(crate) fn answered(conn: &Connection) -> Result<Vec<Answered>, EngineError> {
    let mut select = conn.prepare_cached(include_str!("office/answered.sql"))?;
    let rows = select.query_map([], |row| {
        Ok(Answered {
            doc: DocId::from_bytes(row.get("doc")?),
            turf: row.get("turf")?,
            wave: row.get("wave")?,
            voter: VoterId::from_bytes(row.get("voter")?),
            question: QuestionId::from_bytes(row.get("question")?),
            value: row.get("value")?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// A voter's id in their file and their name, also of one who is off the roll; a person added at a door has no id in a file.
pub(crate) fn name_of(conn: &Connection, voter: VoterId) -> Result<(String, String), EngineError> {
    let found = conn
        .prepare_cached(
            "SELECT source_id, first, last FROM voter WHERE id = ?1
             UNION ALL SELECT source_id, first, last FROM former WHERE id = ?1
             UNION ALL SELECT '', first, last FROM person WHERE id = ?1 LIMIT 1",
        )?
        .query_row(params![voter.to_bytes()], |row| {
            let (first, last): (String, String) = (row.get(1)?, row.get(2)?);
            Ok((row.get(0)?, format!("{first} {last}").trim().to_owned()))
        })
        .optional()?;
    Ok(found.unwrap_or_default())
}
