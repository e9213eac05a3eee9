//! The client's database: the only place with SQL.

pub mod changes;
pub mod docs;
pub mod packs;
pub mod projections;
pub mod settings;

use crate::error::EngineError;
use rusqlite::Connection;

/// Released migrations never change; the database's `user_version` says how many it has.
const MIGRATIONS: [&str; 2] =
    [include_str!("store/migrations/0001_reference.sql"), include_str!("store/migrations/0002_documents.sql")];

/// Opens the database at `path` and brings it up to date.
///
/// # Errors
/// When it cannot be opened, is no database, or is newer than this program.
pub fn open(path: &str) -> Result<Connection, EngineError> {
    let mut conn = Connection::open(path)?;
    conn.execute_batch(include_str!("store/open.sql"))?;
    if cfg!(not(target_arch = "wasm32")) {
        // The browser's storage pool has no shared memory for a write-ahead log.
        conn.pragma_update(None, "journal_mode", "WAL")?;
    }
    conn.set_prepared_statement_cache_capacity(128);
    migrate(&mut conn)?;
    Ok(conn)
}

fn migrate(conn: &mut Connection) -> Result<(), EngineError> {
    let version: usize = conn.pragma_query_value(None, "user_version", |row| row.get::<_, u32>(0))? as usize;
    if version > MIGRATIONS.len() {
        return Err(EngineError::Corrupt { what: format!("the database is of a newer version ({version})") });
    }
    for (index, sql) in MIGRATIONS.iter().enumerate().skip(version) {
        let tx = conn.transaction()?;
        tx.execute_batch(sql)?;
        tx.pragma_update(None, "user_version", index as u32 + 1)?;
        tx.commit()?;
    }
    Ok(())
}

/// An id column of 16 bytes.
pub(crate) fn id_column(row: &rusqlite::Row<'_>, name: &str) -> rusqlite::Result<[u8; 16]> {
    row.get::<_, [u8; 16]>(name)
}
