//! Records that a document contains a name which only a newer version knows, so that the person can be informed.

use crate::error::EngineError;
use crate::store::settings;
use porchlight_model::visit::ResultCode;
use rusqlite::Connection;

/// The last such result.
const RESULT: &str = "newer_result";

/// Notes that a document holds a visit with this result, where this program does not know what it means.
pub(crate) fn note(conn: &Connection, result: &str) -> Result<(), EngineError> {
    if result.is_empty() || ResultCode::known(result).is_some() {
        return Ok(());
    }
    let is_noted = settings::get::<String>(conn, RESULT)?.is_some_and(|noted| noted == result);
    if is_noted { Ok(()) } else { settings::put(conn, RESULT, &result) }
}

/// Whether one was met that this program still does not know.
pub(crate) fn is_met(conn: &Connection) -> Result<bool, EngineError> {
    let met: Option<String> = settings::get(conn, RESULT)?;
    Ok(met.is_some_and(|met| ResultCode::known(&met).is_none()))
}
