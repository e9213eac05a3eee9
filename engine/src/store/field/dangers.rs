//! Dangers that stand: what each is, and who saw it when.

use super::flags::{about, columns};
use crate::error::EngineError;
use porchlight_model::calls::field::Danger;
use porchlight_model::id::DocId;
use porchlight_model::time::At;
use porchlight_model::visit::About;
use rusqlite::{Connection, OptionalExtension, named_params};
use std::collections::BTreeMap;

/// The most characters of a reason.
const MAX_REASON_CHARS: usize = 140;

/// The dangers of every door and voter that has one.
pub(crate) fn standing(conn: &Connection) -> Result<BTreeMap<About, Danger>, EngineError> {
    let mut select = conn.prepare_cached(include_str!("dangers/standing.sql"))?;
    let mut rows = select.query([])?;
    let mut standing = BTreeMap::new();
    while let Some(row) = rows.next()? {
        if let Some(about) = about(row)? {
            let reason: String = row.get("reason")?;
            let danger = Danger { reason: cut(&reason), by_name: row.get("by_name")?, at: At(row.get("at")?) };
            standing.insert(about, danger);
        }
    }
    Ok(standing)
}

/// What was written about a danger when it was set in one document, whole; nothing where nothing was.
pub(crate) fn reason(conn: &Connection, doc: DocId, thing: About) -> Result<Option<String>, EngineError> {
    let (door, voter) = columns(thing);
    Ok(conn
        .prepare_cached(include_str!("dangers/reason.sql"))?
        .query_row(named_params! { ":doc": doc.to_bytes(), ":door": door, ":voter": voter }, |row| row.get(0))
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
