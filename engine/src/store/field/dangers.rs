//! Dangers that stand: what each is, and who saw it when.

use super::flags::{about, columns};
use crate::error::EngineError;
use porchlight_model::calls::door::Danger;
use porchlight_model::id::{DocId, MemberId, NoteId};
use porchlight_model::time::At;
use porchlight_model::visit::About;
use rusqlite::{Connection, OptionalExtension, named_params};
use std::collections::BTreeMap;

/// The most characters of a reason in a list.
const MAX_REASON_CHARS: usize = 140;

/// A danger that stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StandingDanger {
    /// The document of its flag.
    pub(crate) doc: DocId,
    pub(crate) at: At,
    pub(crate) by: MemberId,
    pub(crate) by_name: String,
    /// The note that tells what it is, if there is one.
    pub(crate) note: Option<NoteId>,
    /// That note's text, whole; empty where there is none.
    pub(crate) reason: String,
}

impl StandingDanger {
    /// The danger as lists and maps show it.
    pub(crate) fn in_short(&self) -> Danger {
        Danger { unit: String::new(), reason: cut(&self.reason), by_name: self.by_name.clone(), at: self.at }
    }
}

/// The dangers of every door and voter that has one.
pub(crate) fn standing(conn: &Connection) -> Result<BTreeMap<About, StandingDanger>, EngineError> {
    read(conn, None)
}

/// Those of [`standing`] whose flag is in one document.
pub(crate) fn standing_of(conn: &Connection, doc: DocId) -> Result<BTreeMap<About, StandingDanger>, EngineError> {
    read(conn, Some(doc))
}

fn read(conn: &Connection, doc: Option<DocId>) -> Result<BTreeMap<About, StandingDanger>, EngineError> {
    let mut select = conn.prepare_cached(include_str!("dangers/standing.sql"))?;
    let mut rows = select.query(named_params! { ":doc": doc.map(DocId::to_bytes) })?;
    let mut standing = BTreeMap::new();
    while let Some(row) = rows.next()? {
        if let Some(about) = about(row)? {
            let danger = StandingDanger {
                doc: DocId::from_bytes(row.get("doc")?),
                at: At(row.get("at")?),
                by: MemberId::from_bytes(row.get("by_member")?),
                by_name: row.get("by_name")?,
                note: row.get::<_, Option<_>>("note")?.map(NoteId::from_bytes),
                reason: row.get("reason")?,
            };
            standing.insert(about, danger);
        }
    }
    Ok(standing)
}

/// The reason that a member retracted by lifting a danger, where that is the newest entry.
pub(crate) fn lifted_reason(conn: &Connection, thing: About, by: MemberId) -> Result<Option<String>, EngineError> {
    let (door, voter) = columns(thing);
    Ok(conn
        .prepare_cached(include_str!("dangers/lifted_reason.sql"))?
        .query_row(named_params! { ":door": door, ":voter": voter, ":member": by.to_bytes() }, |row| row.get(0))
        .optional()?)
}

/// The text on one line, or its beginning with an ellipsis.
fn cut(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= MAX_REASON_CHARS {
        return line;
    }
    line.chars().take(MAX_REASON_CHARS - 1).chain(['…']).collect()
}
