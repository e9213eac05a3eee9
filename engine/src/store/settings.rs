//! What this device remembers about itself, as JSON by key.

use crate::error::EngineError;
use rusqlite::{Connection, OptionalExtension, params};
use serde::{Serialize, de::DeserializeOwned};

/// Reads the setting `key`, if there is one.
pub(crate) fn get<T: DeserializeOwned>(conn: &Connection, key: &str) -> Result<Option<T>, EngineError> {
    let text: Option<String> = conn
        .prepare_cached("SELECT value FROM setting WHERE key = ?1")?
        .query_row(params![key], |row| row.get(0))
        .optional()?;
    Ok(text.map(|text| serde_json::from_str(&text)).transpose()?)
}

/// Writes the setting `key`, unless it says so already.
pub(crate) fn put<T: Serialize>(conn: &Connection, key: &str, value: &T) -> Result<(), EngineError> {
    replace(conn, key, value).map(drop)
}

/// Writes the setting `key`; whether it was another before, or none.
pub(crate) fn replace<T: Serialize>(conn: &Connection, key: &str, value: &T) -> Result<bool, EngineError> {
    let text = serde_json::to_string(value)?;
    let n_changed = conn
        .prepare_cached(
            "INSERT INTO setting (key, value) VALUES (?1, ?2)
             ON CONFLICT (key) DO UPDATE SET value = excluded.value WHERE value <> excluded.value",
        )?
        .execute(params![key, text])?;
    Ok(n_changed > 0)
}

/// Removes the setting `key`.
pub(crate) fn remove(conn: &Connection, key: &str) -> Result<(), EngineError> {
    conn.prepare_cached("DELETE FROM setting WHERE key = ?1")?.execute(params![key])?;
    Ok(())
}
