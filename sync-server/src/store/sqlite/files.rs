//! Opens the SQLite file, for the one writer and for readers, and checks its health.

use crate::store::StoreError;
use porchlight_model::wire::MAX_CHANGE_BYTES;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, named_params};
use std::path::Path;
use std::time::Duration;

/// How long to wait for another process that writes, such as `porchlight-relay invite`.
const BUSY_WAIT: Duration = Duration::from_secs(5);

/// How long to wait for readers before the log is truncated: nobody can write meanwhile.
const TRUNCATE_WAIT: Duration = Duration::from_millis(200);

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Unavailable(Box::new(error))
    }
}

/// Opens the write connection: write-ahead log, and a commit is durable when it returns.
pub(super) fn open_writer(path: &Path) -> Result<Connection, StoreError> {
    let conn = Connection::open(path)?;
    conn.busy_timeout(BUSY_WAIT)?;
    keep_plans(&conn)?;
    conn.pragma_update(None, "journal_mode", "WAL")?;
    conn.pragma_update(None, "synchronous", "FULL")?;
    // The writer checkpoints the log itself, after it has answered.
    conn.pragma_update(None, "wal_autocheckpoint", 0)?;
    conn.pragma_update(None, "foreign_keys", true)?;
    // Deleted data is overwritten, also in freed pages: a wave that has ended cannot be recovered from the disk.
    conn.query_row("PRAGMA secure_delete = ON", [], |_| Ok(()))?;
    conn.set_prepared_statement_cache_capacity(64);
    Ok(conn)
}

/// Whether a file is there and holds the tables of a relay's store. Opened to be read alone, it could be left with files beside it.
pub(super) fn is_laid_out(path: &Path) -> Result<bool, StoreError> {
    if !path.exists() {
        return Ok(false);
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let conn = Connection::open_with_flags(path, flags)?;
    conn.busy_timeout(BUSY_WAIT)?;
    let sql = "SELECT count(*) = 2 FROM sqlite_schema WHERE type = 'table' AND name IN ('relay', 'campaign')";
    Ok(conn.query_row(sql, [], |row| row.get(0))?)
}

/// Opens a read-only connection.
pub(super) fn open_reader(path: &Path) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let conn = Connection::open_with_flags(path, flags)?;
    conn.busy_timeout(BUSY_WAIT)?;
    keep_plans(&conn)?;
    conn.set_prepared_statement_cache_capacity(64);
    Ok(conn)
}

/// Keeps one plan for a statement, whatever is bound to it: else SQLite prepares it again nearly each time that it comes from the cache.
fn keep_plans(conn: &Connection) -> Result<(), StoreError> {
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    Ok(())
}

/// Does something that must not wait long for other connections.
pub(super) fn briefly<T>(
    conn: &Connection,
    act: impl FnOnce(&Connection) -> rusqlite::Result<T>,
) -> rusqlite::Result<T> {
    conn.busy_timeout(TRUNCATE_WAIT)?;
    let done = act(conn);
    conn.busy_timeout(BUSY_WAIT)?;
    done
}

/// Runs a statement that begins or ends a transaction; it is prepared once for each connection.
pub(super) fn run(conn: &Connection, sql: &str) -> rusqlite::Result<()> {
    conn.prepare_cached(sql)?.execute([]).map(drop)
}

/// Writes one page: fails where the disk is full. An unchanged value would not be written.
pub(super) fn check_writing(conn: &Connection) -> Result<(), StoreError> {
    conn.prepare_cached("UPDATE relay SET n_checks = n_checks + 1 WHERE key = 1")?.execute([])?;
    Ok(())
}

/// Writes as many bytes as a change may have, as a pack that nobody can request.
pub(super) fn fill_room(conn: &Connection) -> Result<(), StoreError> {
    let n_bytes = i64::try_from(MAX_CHANGE_BYTES).unwrap_or(i64::MAX);
    conn.prepare_cached(
        "INSERT OR REPLACE INTO pack (hash, n_bytes, bytes) VALUES (zeroblob(32), :n, randomblob(:n))",
    )?
    .execute(named_params! { ":n": n_bytes })?;
    Ok(())
}

/// Deletes what [`fill_room`] wrote.
pub(super) fn clear_room(conn: &Connection) -> Result<(), StoreError> {
    conn.prepare_cached("DELETE FROM pack WHERE hash = zeroblob(32)")?.execute([])?;
    Ok(())
}

/// Reads one row: fails where the file cannot be read.
pub(super) fn check(conn: &Connection) -> Result<(), StoreError> {
    conn.prepare_cached("SELECT epoch FROM relay WHERE key = 1")?.query_row([], |row| row.get::<_, i64>(0))?;
    Ok(())
}
