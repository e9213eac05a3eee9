//! A device's database in the state of an older version, as an update finds it on a phone.

use anyhow::{Context, Result};
use rusqlite::Connection;
use std::path::Path;

/// The migrations up to version 3, from before waves and hubs.
const MIGRATIONS: [&str; 3] = [
    include_str!("../../engine/src/store/migrations/0001_reference.sql"),
    include_str!("../../engine/src/store/migrations/0002_documents.sql"),
    include_str!("../../engine/src/store/migrations/0003_confidential.sql"),
];

/// Writes the database at `from` to a new file `to`, as version 3 would store it: the same changes, in older tables, with no
/// rows of what that program did not know.
///
/// # Errors
/// When a file cannot be read or written.
pub fn write(from: &Path, to: &Path) -> Result<()> {
    let conn = Connection::open(to).with_context(|| format!("making {}", to.display()))?;
    // As in the browser's SQLite.
    conn.pragma_update(None, "page_size", 8192)?;
    for sql in MIGRATIONS {
        conn.execute_batch(sql)?;
    }
    conn.pragma_update(None, "user_version", u32::try_from(MIGRATIONS.len())?)?;
    conn.pragma_update(None, "foreign_keys", false)?;
    conn.execute("ATTACH ?1 AS now", [from.to_str().context("a path that is not UTF-8")?])?;
    let copied: Vec<String> = conn
        .prepare(
            "SELECT name FROM main.sqlite_schema
             WHERE type = 'table' AND name NOT IN ('pack', 'search') AND name NOT LIKE 'search\\_%' ESCAPE '\\'",
        )?
        .query_map([], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    for table in copied {
        conn.execute(&format!("INSERT INTO main.{table} SELECT * FROM now.{table}"), [])
            .with_context(|| format!("copying {table}"))?;
    }
    conn.execute_batch(
        "INSERT INTO main.search (rowid, name, address, voter) SELECT rowid, name, address, voter FROM now.search;
         INSERT INTO main.pack (hash, doc, bytes, is_sent)
         SELECT p.hash, coalesce(min(d.doc), zeroblob(16)), p.bytes, coalesce(min(d.is_sent), 1)
         FROM now.pack p LEFT JOIN now.pack_doc d ON d.hash = p.hash GROUP BY p.hash;
         DELETE FROM main.setting WHERE key IN ('meaning', 'folding');",
    )?;
    conn.execute("DETACH now", [])?;
    Ok(())
}
