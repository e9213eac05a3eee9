//! People who were added at doors, also those who were taken back.

use crate::error::EngineError;
use porchlight_model::id::{DocId, DoorId, MemberId, VoterId};
use porchlight_model::time::At;
use rusqlite::{Connection, OptionalExtension, Row, named_params};

/// A person who was added at a door.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Added {
    pub(crate) voter: VoterId,
    pub(crate) doc: DocId,
    pub(crate) door: DoorId,
    pub(crate) first: String,
    pub(crate) last: String,
    pub(crate) at: At,
    pub(crate) by: MemberId,
    /// When they were taken back.
    pub(crate) retracted_at: Option<At>,
    /// Whether there is a visit, a note or a flag about them that was not taken back.
    pub(crate) has_record: bool,
}

impl Added {
    /// Given and family name.
    pub(crate) fn name(&self) -> String {
        format!("{} {}", self.first, self.last).trim().to_owned()
    }
}

/// One of them.
pub(crate) fn get(conn: &Connection, voter: VoterId) -> Result<Option<Added>, EngineError> {
    let mut select = conn.prepare_cached(concat!(include_str!("added.sql"), "WHERE p.id = :voter LIMIT 1"))?;
    Ok(select.query_row(named_params! { ":voter": voter.to_bytes() }, added).optional()?)
}

/// Those whom a member added to a document, newest first.
pub(crate) fn by_member(conn: &Connection, doc: DocId, member: MemberId) -> Result<Vec<Added>, EngineError> {
    const OF_MEMBER: &str = concat!(
        include_str!("added.sql"),
        "WHERE p.doc = :doc AND p.by_member = :member ORDER BY p.at DESC, p.id DESC"
    );
    let mut select = conn.prepare_cached(OF_MEMBER)?;
    let rows = select.query_map(named_params! { ":doc": doc.to_bytes(), ":member": member.to_bytes() }, added)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn added(row: &Row<'_>) -> rusqlite::Result<Added> {
    Ok(Added {
        voter: VoterId::from_bytes(row.get("id")?),
        doc: DocId::from_bytes(row.get("doc")?),
        door: DoorId::from_bytes(row.get("door")?),
        first: row.get("first")?,
        last: row.get("last")?,
        at: At(row.get("at")?),
        by: MemberId::from_bytes(row.get("by_member")?),
        retracted_at: row.get::<_, Option<i64>>("retracted_at")?.map(At),
        has_record: row.get("has_record")?,
    })
}
