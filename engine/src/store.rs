//! The client's database: the only place with SQL.

pub(crate) mod archive;
pub mod changes;
pub(crate) mod confidential;
pub(crate) mod costs;
pub mod cut;
pub mod docs;
pub(crate) mod drafts;
pub(crate) mod export;
pub(crate) mod field;
pub(crate) mod homes;
#[cfg(not(target_arch = "wasm32"))]
pub(crate) mod hosted;
pub(crate) mod hub;
pub mod import;
pub(crate) mod laws;
pub(crate) mod map;
pub(crate) mod newer;
pub mod office;
pub mod packs;
pub(crate) mod plans;
pub(crate) mod points;
pub(crate) mod progress;
pub mod projections;
pub mod reference;
pub(crate) mod roll;
pub mod settings;
pub(crate) mod stored;
pub(crate) mod tallies;
#[cfg(test)]
mod tests;
pub(crate) mod transaction;
pub mod turfs;
pub(crate) mod universe;
pub(crate) mod waves;

use crate::error::EngineError;
use rusqlite::Connection;
use rusqlite::config::DbConfig;

/// Released migrations never change; the database's `user_version` is the number of applied ones.
const MIGRATIONS: [&str; 17] = [
    include_str!("store/migrations/0001_reference.sql"),
    include_str!("store/migrations/0002_documents.sql"),
    include_str!("store/migrations/0003_confidential.sql"),
    include_str!("store/migrations/0004_waves.sql"),
    include_str!("store/migrations/0005_hub.sql"),
    include_str!("store/migrations/0006_retraction.sql"),
    include_str!("store/migrations/0007_former.sql"),
    include_str!("store/migrations/0008_undone.sql"),
    include_str!("store/migrations/0009_drafts.sql"),
    include_str!("store/migrations/0010_notes_taken_back.sql"),
    include_str!("store/migrations/0011_people_taken_back.sql"),
    include_str!("store/migrations/0012_costs.sql"),
    include_str!("store/migrations/0013_laws.sql"),
    include_str!("store/migrations/0014_tallies.sql"),
    include_str!("store/migrations/0015_progress.sql"),
    include_str!("store/migrations/0016_universe.sql"),
    include_str!("store/migrations/0017_plans.sql"),
];

/// Opens the database at `path` and brings it up to date.
///
/// # Errors
/// When it cannot be opened, is not a database, or is newer than this program.
pub fn open(path: &str) -> Result<Connection, EngineError> {
    let mut conn = Connection::open(path)?;
    conn.execute_batch(include_str!("store/open.sql"))?;
    if cfg!(not(target_arch = "wasm32")) {
        // One plan for a statement, whatever is bound to it: else SQLite prepares it again nearly each time that it comes from the
        // cache. In the browser it is built so.
        conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
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
    for (number, sql) in (1_u32..).zip(MIGRATIONS).skip(version) {
        let tx = conn.transaction()?;
        tx.execute_batch(sql)?;
        tx.pragma_update(None, "user_version", number)?;
        tx.commit()?;
    }
    Ok(())
}

/// Empties every table, for a device that leaves its campaign.
pub(crate) fn empty(conn: &Connection) -> Result<(), EngineError> {
    let tables: Vec<String> = conn
        .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%' AND name NOT LIKE 'search_%'")?
        .query_map([], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    conn.pragma_update(None, "defer_foreign_keys", "ON")?;
    for table in tables {
        conn.execute(&format!("DELETE FROM {table}"), [])?;
    }
    conn.execute("DELETE FROM search", [])?;
    Ok(())
}
