//! Rows that the office reads over all turf.

use crate::error::EngineError;
use crate::findable;
use porchlight_model::id::{DocId, MemberId, QuestionId, ScriptId, VisitId, VoterId};
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

/// The version of the script with which a present answer was given, as far as a visit tells.
pub(crate) fn script_of(
    conn: &Connection,
    doc: DocId,
    voter: VoterId,
    question: QuestionId,
    value: &str,
) -> Result<Option<ScriptId>, EngineError> {
    let mut select = conn.prepare_cached(include_str!("office/script_of.sql"))?;
    let keys = named_params! {
        ":doc": doc.to_bytes(), ":voter": voter.to_bytes(), ":question": question.to_bytes(), ":value": value,
    };
    let script: Option<String> = select.query_row(keys, |row| row.get("script")).optional()?;
    Ok(script.and_then(|script| script.parse().ok()))
}

/// When an answer was first given that still stands, at a visit that was not taken back.
pub(crate) fn first_said(
    conn: &Connection,
    doc: DocId,
    voter: VoterId,
    question: QuestionId,
    value: &str,
) -> Result<Option<At>, EngineError> {
    let mut select = conn.prepare_cached(include_str!("office/first_said.sql"))?;
    let keys = named_params! {
        ":doc": doc.to_bytes(), ":voter": voter.to_bytes(), ":question": question.to_bytes(), ":value": value,
    };
    let at: Option<i64> = select.query_row(keys, |row| row.get("at"))?;
    Ok(at.map(At))
}

/// One answer of a conflict.
pub(crate) struct Disputed {
    pub(crate) doc: DocId,
    pub(crate) voter: VoterId,
    pub(crate) question: QuestionId,
    pub(crate) value: String,
}

/// Every answer of every conflict, those of one conflict together. A wave that has ended has none left to settle: nothing is recorded in it.
pub(crate) fn disputed(conn: &Connection) -> Result<Vec<Disputed>, EngineError> {
    let mut select = conn.prepare_cached(include_str!("office/disputed.sql"))?;
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

/// A visit at which an answer was given.
pub(crate) struct SaidAt {
    pub(crate) visit: VisitId,
    pub(crate) at: At,
    pub(crate) by: MemberId,
    pub(crate) by_name: String,
    /// The version of the script that was used.
    pub(crate) script: Option<ScriptId>,
}

/// The last visit that was not taken back at which a voter gave an answer.
pub(crate) fn said_at(conn: &Connection, campaign: DocId, side: &Disputed) -> Result<Option<SaidAt>, EngineError> {
    Ok(conn
        .prepare_cached(include_str!("office/said_at.sql"))?
        .query_row(
            named_params! {
                ":campaign": campaign.to_bytes(), ":doc": side.doc.to_bytes(), ":voter": side.voter.to_bytes(),
                ":question": side.question.to_bytes(), ":value": side.value,
            },
            |row| {
                Ok(SaidAt {
                    visit: VisitId::from_bytes(row.get("id")?),
                    at: At(row.get("at")?),
                    by: MemberId::from_bytes(row.get("by_member")?),
                    by_name: row.get("by_name")?,
                    script: row.get::<_, String>("script")?.parse().ok(),
                })
            },
        )
        .optional()?)
}

/// Voters whose name or address has words that are or begin so (FTS5 syntax, already quoted): at most `limit` whose rows come after `after`, with their
/// rows.
pub(crate) fn found(
    conn: &Connection,
    query: &str,
    after: i64,
    limit: u32,
) -> Result<Vec<(i64, VoterId)>, EngineError> {
    let mut select = conn.prepare_cached(
        "SELECT rowid, voter FROM search WHERE search MATCH ?1 AND rowid > ?2 ORDER BY rowid LIMIT ?3",
    )?;
    let texts = select.query_map(params![query, after, limit], |row| Ok((row.get(0)?, row.get::<_, String>(1)?)))?;
    let read = |row: rusqlite::Result<(i64, String)>| {
        let (row, voter) = row?;
        let voter = voter.parse().map_err(|_| EngineError::Corrupt { what: "a voter id in search".to_owned() })?;
        Ok((row, voter))
    };
    texts.map(read).collect()
}

/// How many voters a full-text query finds, counted up to `most`.
pub(crate) fn n_found(conn: &Connection, query: &str, most: u32) -> Result<u32, EngineError> {
    let sql = "SELECT count(*) FROM (SELECT 1 FROM search WHERE search MATCH ?1 LIMIT ?2)";
    Ok(conn.prepare_cached(sql)?.query_row(params![query, most], |row| row.get(0))?)
}

/// Whether a full-text query finds this voter.
pub(crate) fn is_found(conn: &Connection, query: &str, voter: VoterId) -> Result<bool, EngineError> {
    let sql = "SELECT 1 FROM search WHERE search MATCH ?1 AND rowid = ?2";
    Ok(conn.prepare_cached(sql)?.exists(params![query, crate::store::reference::search_row(voter)])?)
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

/// A voter's age, where the file has it.
pub(crate) fn age_of(conn: &Connection, voter: VoterId) -> Result<Option<u8>, EngineError> {
    let mut select = conn.prepare_cached("SELECT age FROM voter WHERE id = ?1")?;
    Ok(select.query_row(params![voter.to_bytes()], |row| row.get(0)).optional()?.flatten())
}

/// A person's id in their file and their telephone number.
pub(crate) fn id_and_phone_of(conn: &Connection, voter: VoterId) -> Result<(String, String), EngineError> {
    let sql =
        "SELECT source_id, phone FROM voter WHERE id = ?1 UNION ALL SELECT '', phone FROM person WHERE id = ?1 LIMIT 1";
    let mut select = conn.prepare_cached(sql)?;
    let found = select.query_row(params![voter.to_bytes()], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
    Ok(found.unwrap_or_default())
}
