//! Who wrote what is here, as the relay says, and entries that break a law.

use crate::error::EngineError;
use porchlight_model::calls::settle::Law;
use porchlight_model::grant::Act;
use porchlight_model::id::{DeviceId, DocId, MemberId, QuestionId, Sha256, VisitId, VoterId};
use porchlight_model::member::Role;
use porchlight_model::time::At;
use rusqlite::{Connection, OptionalExtension, named_params, params};

/// Whose a device is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Author {
    pub(crate) member: MemberId,
    pub(crate) role: Role,
}

/// Whose a device is, where the relay has said so.
pub(crate) fn author(conn: &Connection, device: DeviceId) -> Result<Option<Author>, EngineError> {
    let sql = "SELECT member, role FROM author WHERE device = ?1 AND member IS NOT NULL";
    let found = conn.prepare_cached(sql)?.query_row(params![device.to_bytes()], |row| {
        Ok(Author { member: MemberId::from_bytes(row.get(0)?), role: Role::parse(row.get_ref(1)?.as_str()?) })
    });
    Ok(found.optional()?)
}

/// The roles of the devices of which the relay has said whose they are.
pub(crate) fn roles(conn: &Connection) -> Result<Vec<(DeviceId, Role)>, EngineError> {
    let mut select = conn.prepare_cached("SELECT device, role FROM author WHERE member IS NOT NULL")?;
    let rows =
        select.query_map([], |row| Ok((DeviceId::from_bytes(row.get(0)?), Role::parse(row.get_ref(1)?.as_str()?))))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Notes that a device wrote an entry as `by`, and the relay is to be asked whose the device is: it has not said so yet, or by what it said the
/// entry broke a law. In the second case the role may have risen since.
pub(crate) fn claim(conn: &Connection, doc: DocId, device: DeviceId, by: [u8; 16]) -> Result<(), EngineError> {
    conn.prepare_cached("INSERT OR IGNORE INTO author (device) VALUES (?1)")?.execute(params![device.to_bytes()])?;
    conn.prepare_cached("INSERT OR IGNORE INTO claim (device, doc, member) VALUES (?1, ?2, ?3)")?.execute(params![
        device.to_bytes(),
        doc.to_bytes(),
        by
    ])?;
    Ok(())
}

/// At most `limit` devices with a claim, about which the relay was not asked since `since`.
pub(crate) fn to_ask(conn: &Connection, since: At, limit: usize) -> Result<Vec<DeviceId>, EngineError> {
    let mut select = conn.prepare_cached(include_str!("laws/to_ask.sql"))?;
    let rows = select.query_map(params![since.0, limit as i64], |row| row.get(0).map(DeviceId::from_bytes))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Notes that the relay was asked about a device.
pub(crate) fn note_asked(conn: &Connection, device: DeviceId, at: At) -> Result<(), EngineError> {
    conn.prepare_cached("UPDATE author SET asked_at = ?2 WHERE device = ?1")?
        .execute(params![device.to_bytes(), at.0])?;
    Ok(())
}

/// Keeps what the relay says of a device; returns the documents in which it claimed otherwise, or in which its role counts. What was said
/// before stands, except that a role rises: a restored relay may have given the device another member.
pub(crate) fn attribute(conn: &Connection, device: DeviceId, told: Author) -> Result<Vec<DocId>, EngineError> {
    // A role that only a newer version knows is not told higher or lower than those that are known here.
    let rises = |known: Role| {
        matches!(known, Role::Unknown(_)) || (known < told.role && !matches!(told.role, Role::Unknown(_)))
    };
    let is_news = |known: Author| known.member == told.member && known.role != told.role && rises(known.role);
    if author(conn, device)?.is_some_and(|known| !is_news(known)) {
        return Ok(Vec::new());
    }
    conn.prepare_cached(include_str!("laws/attribute.sql"))?.execute(params![
        device.to_bytes(),
        told.member.to_bytes(),
        told.role.as_str()
    ])?;
    let sql = "SELECT DISTINCT doc FROM claim WHERE device = ?1 AND (member <> ?2 OR ?3) ORDER BY doc";
    let decides = Act::BY_LAW.into_iter().any(|act| told.role.may(act));
    let mut select = conn.prepare_cached(sql)?;
    let docs = select
        .query_map(params![device.to_bytes(), told.member.to_bytes(), decides], |row| {
            row.get(0).map(DocId::from_bytes)
        })?
        .collect::<Result<_, _>>()?;
    conn.prepare_cached(include_str!("laws/remove_claims.sql"))?.execute(params![device.to_bytes()])?;
    Ok(docs)
}

/// When a relay was first known here to hold a change of another device, as far as that is known.
pub(crate) fn first_seen(conn: &Connection, doc: DocId, hash: Sha256) -> Result<Option<At>, EngineError> {
    let at: Option<i64> = conn
        .prepare_cached(include_str!("laws/first_seen.sql"))?
        .query_row(params![doc.to_bytes(), hash.0], |row| row.get(0))
        .optional()?
        .flatten();
    Ok(at.map(At))
}

/// Keeps when a change was first seen, because an entry of it is dated later: a relay that is restored tells it again.
pub(crate) fn keep_late(conn: &Connection, doc: DocId, hash: Sha256, seen_at: At) -> Result<(), EngineError> {
    conn.prepare_cached("INSERT OR IGNORE INTO late_change (doc, hash, seen_at) VALUES (?1, ?2, ?3)")?
        .execute(params![doc.to_bytes(), hash.0, seen_at.0])?;
    Ok(())
}

/// An entry that breaks a law.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Broken {
    pub(crate) doc: DocId,
    pub(crate) map: String,
    pub(crate) entry: String,
    pub(crate) law: Law,
    pub(crate) door: Option<[u8; 16]>,
    pub(crate) voter: Option<[u8; 16]>,
    pub(crate) at: i64,
    pub(crate) by: [u8; 16],
    pub(crate) device: [u8; 16],
}

pub(crate) fn put_broken(conn: &Connection, broken: &Broken) -> Result<(), EngineError> {
    conn.prepare_cached(include_str!("laws/put_broken.sql"))?.execute(named_params! {
        ":doc": broken.doc.to_bytes(), ":map": broken.map, ":entry": broken.entry, ":law": broken.law.as_str(),
        ":door": broken.door, ":voter": broken.voter, ":at": broken.at, ":by_member": broken.by,
        ":device": broken.device,
    })?;
    Ok(())
}

/// Removes the mark of an entry that counts.
pub(crate) fn remove_broken(conn: &Connection, doc: DocId, map: &str, entry: &str) -> Result<(), EngineError> {
    conn.prepare_cached("DELETE FROM broken_law WHERE doc = ?1 AND map = ?2 AND entry = ?3")?.execute(params![
        doc.to_bytes(),
        map,
        entry
    ])?;
    Ok(())
}

/// Whether an entry breaks a law.
pub(crate) fn is_broken(conn: &Connection, doc: DocId, map: &str, entry: &str) -> Result<bool, EngineError> {
    let sql = "SELECT 1 FROM broken_law WHERE doc = ?1 AND map = ?2 AND entry = ?3";
    Ok(conn.prepare_cached(sql)?.exists(params![doc.to_bytes(), map, entry])?)
}

/// Whether some entry of a document breaks a law.
pub(crate) fn has_broken(conn: &Connection, doc: DocId) -> Result<bool, EngineError> {
    Ok(conn.prepare_cached("SELECT 1 FROM broken_law WHERE doc = ?1")?.exists(params![doc.to_bytes()])?)
}

/// All entries that break a law, in documents of waves that have not ended, by document and time.
pub(crate) fn all_broken(conn: &Connection, limit: usize) -> Result<Vec<Broken>, EngineError> {
    let mut select = conn.prepare_cached(include_str!("laws/all_broken.sql"))?;
    let rows = select.query_map(params![limit as i64], |row| {
        Ok(Broken {
            doc: DocId::from_bytes(row.get(0)?),
            map: row.get(1)?,
            entry: row.get(2)?,
            law: Law::parse(row.get_ref(3)?.as_str()?),
            door: row.get(4)?,
            voter: row.get(5)?,
            at: row.get(6)?,
            by: row.get(7)?,
            device: row.get(8)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// How many there are.
pub(crate) fn n_broken(conn: &Connection) -> Result<u32, EngineError> {
    Ok(conn.prepare_cached(include_str!("laws/n_broken.sql"))?.query_row([], |row| row.get(0))?)
}

/// Removes what is known of a document beside its rows.
pub(crate) fn forget_doc(conn: &Connection, doc: DocId) -> Result<(), EngineError> {
    conn.prepare_cached("DELETE FROM claim WHERE doc = ?1")?.execute(params![doc.to_bytes()])?;
    conn.prepare_cached("DELETE FROM late_change WHERE doc = ?1")?.execute(params![doc.to_bytes()])?;
    Ok(())
}

/// One answer as asked for: of a document, a voter and a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Asked {
    pub(crate) doc: DocId,
    pub(crate) voter: VoterId,
    pub(crate) question: QuestionId,
}

/// Whether a change recorded a visit at which this answer was given.
pub(crate) fn is_said_in(conn: &Connection, asked: Asked, value: &str, hash: Sha256) -> Result<bool, EngineError> {
    let mut select = conn.prepare_cached(include_str!("laws/is_said_in.sql"))?;
    let Asked { doc, voter, question } = asked;
    Ok(select.exists(params![doc.to_bytes(), voter.to_bytes(), question.to_bytes(), value, hash.0])?)
}

/// Whether this answer was ever given at a visit, taken back or not.
pub(crate) fn was_said(conn: &Connection, asked: Asked, value: &str) -> Result<bool, EngineError> {
    let sql = "SELECT 1 FROM asked WHERE doc = ?1 AND voter = ?2 AND question = ?3 AND value = ?4";
    let Asked { doc, voter, question } = asked;
    let params = params![doc.to_bytes(), voter.to_bytes(), question.to_bytes(), value];
    Ok(conn.prepare_cached(sql)?.exists(params)?)
}

/// Visits that were taken back and at which the question was answered.
pub(crate) fn taken_back(conn: &Connection, asked: Asked) -> Result<Vec<VisitId>, EngineError> {
    let sql = "SELECT a.visit FROM asked a JOIN visit v ON v.doc = a.doc AND v.id = a.visit
               WHERE a.doc = ?1 AND a.voter = ?2 AND a.question = ?3 AND v.is_retracted = 1 ORDER BY a.visit";
    let mut select = conn.prepare_cached(sql)?;
    let Asked { doc, voter, question } = asked;
    let rows = select.query_map(params![doc.to_bytes(), voter.to_bytes(), question.to_bytes()], |row| {
        row.get(0).map(VisitId::from_bytes)
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}
