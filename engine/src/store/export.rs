//! Rows as they are exported: everything that people recorded, of all waves or of one.

use super::field::flags::about;
use super::laws::Asked;
use super::waves::FIRST_WAVE;
use crate::error::EngineError;
use porchlight_model::id::{DeviceId, DocId, DoorId, MemberId, QuestionId, ScriptId, VisitId, VoterId, WaveId};
use porchlight_model::time::At;
use porchlight_model::visit::About;
use rusqlite::{Connection, OptionalExtension, Row, named_params};

/// Which records: of which campaign, and of which wave; `None` for all.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Of {
    pub(crate) campaign: DocId,
    pub(crate) wave: Option<WaveId>,
}

/// What every record has: its id, where it stands, when, by whom.
pub(crate) struct Signed {
    pub(crate) doc: DocId,
    pub(crate) id: [u8; 16],
    pub(crate) at: At,
    pub(crate) by: MemberId,
    pub(crate) by_name: String,
    pub(crate) turf: String,
    /// The wave's name; empty where the wave is not known.
    pub(crate) wave: String,
}

/// A visit.
pub(crate) struct Visit {
    pub(crate) signed: Signed,
    pub(crate) visit: VisitId,
    pub(crate) door: DoorId,
    pub(crate) voter: Option<VoterId>,
    pub(crate) how: String,
    pub(crate) result: String,
    pub(crate) script: Option<ScriptId>,
    pub(crate) device: DeviceId,
    pub(crate) is_retracted: bool,
}

/// A note.
pub(crate) struct Note {
    pub(crate) signed: Signed,
    pub(crate) about: Option<About>,
    pub(crate) text: String,
    /// When it was taken back, and by whom.
    pub(crate) retracted: Option<(At, MemberId)>,
}

/// One setting or lifting of a flag.
pub(crate) struct Flag {
    pub(crate) signed: Signed,
    pub(crate) about: Option<About>,
    pub(crate) flag: String,
    pub(crate) is_set: bool,
    /// The note that was written with a danger, as it then was; empty for others.
    pub(crate) reason: String,
}

/// Someone who was added at a door.
pub(crate) struct Person {
    pub(crate) signed: Signed,
    pub(crate) voter: VoterId,
    pub(crate) door: DoorId,
    pub(crate) first: String,
    pub(crate) last: String,
    pub(crate) phone: String,
    /// When the member who added them took them back.
    pub(crate) retracted_at: Option<At>,
}

/// Someone who walked.
pub(crate) struct Walker {
    pub(crate) member: MemberId,
    pub(crate) name: String,
    pub(crate) turf: String,
    pub(crate) wave: String,
    pub(crate) n_visits: u32,
}

/// A present answer.
pub(crate) struct Answered {
    pub(crate) doc: DocId,
    pub(crate) turf: String,
    pub(crate) wave: String,
    pub(crate) voter: VoterId,
    pub(crate) question: QuestionId,
    pub(crate) value: String,
    /// The version of the script with which it was given, as far as a visit tells.
    pub(crate) script: Option<ScriptId>,
}

macro_rules! signed {
    ($columns:expr, $from:expr) => {
        concat!($columns, include_str!("export/signed.sql"), $from, include_str!("export/of_wave.sql"))
    };
}

/// Every visit, also those that were taken back, by time.
pub(crate) fn visits(conn: &Connection, of: Of) -> Result<Vec<Visit>, EngineError> {
    all(conn, of, signed!(include_str!("export/visits.sql"), "FROM visit x"), |row| {
        Ok(Visit {
            visit: VisitId::from_bytes(row.get("id")?),
            door: DoorId::from_bytes(row.get("door")?),
            voter: row.get::<_, Option<_>>("voter")?.map(VoterId::from_bytes),
            how: row.get("how")?,
            result: row.get("result")?,
            script: row.get::<_, String>("script")?.parse().ok(),
            device: DeviceId::from_bytes(row.get("device")?),
            is_retracted: row.get("is_retracted")?,
            signed: self::signed(row)?,
        })
    })
}

/// Every note, by time; one that was carried from one wave into another is told once, where it was written.
pub(crate) fn notes(conn: &Connection, of: Of) -> Result<Vec<Note>, EngineError> {
    let sql = signed!(
        "SELECT x.door, x.voter, x.text, x.is_retracted, x.retracted_at, x.retracted_by",
        include_str!("export/notes_once.sql")
    );
    all(conn, of, sql, |row| {
        let retracted = (At(row.get("retracted_at")?), MemberId::from_bytes(row.get("retracted_by")?));
        Ok(Note {
            about: about(row)?,
            text: row.get("text")?,
            retracted: row.get::<_, bool>("is_retracted")?.then_some(retracted),
            signed: self::signed(row)?,
        })
    })
}

/// Every setting and lifting of a flag, by time; one that was carried from one wave into another is told once, where it was made.
pub(crate) fn flags(conn: &Connection, of: Of) -> Result<Vec<Flag>, EngineError> {
    let sql = signed!(include_str!("export/flags.sql"), include_str!("export/flags_once.sql"));
    all(conn, of, sql, |row| {
        Ok(Flag {
            about: about(row)?,
            flag: row.get("flag")?,
            is_set: row.get("is_set")?,
            reason: row.get("reason")?,
            signed: self::signed(row)?,
        })
    })
}

/// Everyone who was added at a door, also those who were taken back, by time.
pub(crate) fn people(conn: &Connection, of: Of) -> Result<Vec<Person>, EngineError> {
    all(conn, of, signed!("SELECT x.door, x.first, x.last, x.phone, x.retracted_at", "FROM every_person x"), |row| {
        Ok(Person {
            voter: VoterId::from_bytes(row.get("id")?),
            door: DoorId::from_bytes(row.get("door")?),
            first: row.get("first")?,
            last: row.get("last")?,
            phone: row.get("phone")?,
            retracted_at: row.get::<_, Option<i64>>("retracted_at")?.map(At),
            signed: self::signed(row)?,
        })
    })
}

/// Everyone who walked, by name, once for each turf and wave.
pub(crate) fn walkers(conn: &Connection, of: Of) -> Result<Vec<Walker>, EngineError> {
    let mut select = conn.prepare_cached(include_str!("export/walkers.sql"))?;
    let rows = select.query_map(
        named_params! { ":wave": of.wave.map(WaveId::to_bytes), ":first_wave": FIRST_WAVE },
        |row| {
            Ok(Walker {
                member: MemberId::from_bytes(row.get("id")?),
                name: row.get("name")?,
                turf: row.get("turf")?,
                wave: row.get("wave")?,
                n_visits: row.get("n_visits")?,
            })
        },
    )?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Every present answer, by document and voter.
pub(crate) fn answered(conn: &Connection, of: Of) -> Result<Vec<Answered>, EngineError> {
    let mut select = conn.prepare_cached(include_str!("export/answered.sql"))?;
    let rows = select.query_map(
        named_params! { ":wave": of.wave.map(WaveId::to_bytes), ":first_wave": FIRST_WAVE },
        |row| {
            Ok(Answered {
                doc: DocId::from_bytes(row.get("doc")?),
                turf: row.get("turf")?,
                wave: row.get("wave")?,
                voter: VoterId::from_bytes(row.get("voter")?),
                question: QuestionId::from_bytes(row.get("question")?),
                value: row.get("value")?,
                script: row.get::<_, String>("script")?.parse().ok(),
            })
        },
    )?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Questions to which different answers were given at visits in one document, by document: those of which somebody may have settled one.
pub(crate) fn contradicted(conn: &Connection, wave: Option<WaveId>) -> Result<Vec<Asked>, EngineError> {
    let mut select = conn.prepare_cached(include_str!("export/contradicted.sql"))?;
    let rows = select.query_map(named_params! { ":wave": wave.map(WaveId::to_bytes) }, |row| {
        Ok(Asked {
            doc: DocId::from_bytes(row.get("doc")?),
            voter: VoterId::from_bytes(row.get("voter")?),
            question: QuestionId::from_bytes(row.get("question")?),
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The data of a voter from the voter file: source id, name, party; of a person added at a door, the name alone.
pub(crate) fn voter(conn: &Connection, voter: VoterId) -> Result<[String; 3], EngineError> {
    let found = conn
        .prepare_cached(include_str!("export/voter.sql"))?
        .query_row(named_params! { ":voter": voter.to_bytes() }, |row| {
            let (first, last): (String, String) = (row.get("first")?, row.get("last")?);
            Ok([row.get("source_id")?, format!("{first} {last}").trim().to_owned(), row.get("party")?])
        })
        .optional()?;
    Ok(found.unwrap_or_default())
}

/// The name of the author of an act in a document, as far as it is known.
pub(crate) fn member_name(
    conn: &Connection,
    campaign: DocId,
    doc: DocId,
    member: MemberId,
) -> Result<String, EngineError> {
    let mut select = conn.prepare_cached(
        "SELECT name FROM walker WHERE doc = :doc AND id = :member
         UNION ALL SELECT name FROM member WHERE doc = :campaign AND id = :member LIMIT 1",
    )?;
    let ids = named_params! {
        ":campaign": campaign.to_bytes(), ":doc": doc.to_bytes(), ":member": member.to_bytes(),
    };
    Ok(select.query_row(ids, |row| row.get("name")).optional()?.unwrap_or_default())
}

fn all<R>(
    conn: &Connection,
    of: Of,
    sql: &str,
    read: impl FnMut(&Row<'_>) -> rusqlite::Result<R>,
) -> Result<Vec<R>, EngineError> {
    let mut select = conn.prepare_cached(sql)?;
    let ids = named_params! {
        ":campaign": of.campaign.to_bytes(), ":wave": of.wave.map(WaveId::to_bytes), ":first_wave": FIRST_WAVE,
    };
    Ok(select.query_map(ids, read)?.collect::<Result<_, _>>()?)
}

fn signed(row: &Row<'_>) -> rusqlite::Result<Signed> {
    Ok(Signed {
        doc: DocId::from_bytes(row.get("doc")?),
        id: row.get("id")?,
        at: At(row.get("at")?),
        by: MemberId::from_bytes(row.get("by_member")?),
        by_name: row.get("by_name")?,
        turf: row.get("turf")?,
        wave: row.get("wave")?,
    })
}
