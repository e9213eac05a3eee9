//! Dangers that stand: what each is, and who saw it when.

use super::flags::about;
use crate::error::EngineError;
use porchlight_model::calls::field::Danger;
use porchlight_model::time::At;
use porchlight_model::visit::About;
use rusqlite::Connection;
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

/// The text on one line, or its beginning with an ellipsis.
fn cut(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= MAX_REASON_CHARS {
        return line;
    }
    line.chars().take(MAX_REASON_CHARS - 1).chain(['…']).collect()
}
