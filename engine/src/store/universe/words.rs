//! The numbers of words in the narrow rows.

use crate::error::EngineError;
use rusqlite::{Connection, OptionalExtension, params};
use std::collections::BTreeMap;

/// Words with their numbers, as far as they were asked for.
#[derive(Default)]
pub(crate) struct Words(BTreeMap<String, i64>);

impl Words {
    /// The number of a word, which gets one when it has none.
    pub(crate) fn number(&mut self, conn: &Connection, word: &str) -> Result<i64, EngineError> {
        if word.is_empty() {
            return Ok(0);
        }
        if let Some(number) = self.0.get(word) {
            return Ok(*number);
        }
        let number = match known(conn, word)? {
            Some(number) => number,
            None => {
                conn.prepare_cached("INSERT INTO universe_word (word) VALUES (?1)")?.execute(params![word])?;
                conn.last_insert_rowid()
            }
        };
        self.0.insert(word.to_owned(), number);
        Ok(number)
    }
}

/// The number of a word, if it has one.
pub(crate) fn known(conn: &Connection, word: &str) -> Result<Option<i64>, EngineError> {
    if word.is_empty() {
        return Ok(Some(0));
    }
    Ok(conn
        .prepare_cached("SELECT id FROM universe_word WHERE word = ?1")?
        .query_row(params![word], |row| row.get(0))
        .optional()?)
}
