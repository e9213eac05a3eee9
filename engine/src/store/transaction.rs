//! Transactions whose statements are prepared once for each connection, not once for each transaction.

use rusqlite::Connection;
use std::ops::Deref;

/// A transaction, which is rolled back when it is dropped without a commit.
pub(crate) struct Transaction<'a>(&'a Connection);

impl<'a> Transaction<'a> {
    /// Begins one; the connection is borrowed alone, so that there is no other on it meanwhile.
    ///
    /// # Errors
    /// When SQLite refuses.
    pub(crate) fn begin(conn: &'a mut Connection) -> rusqlite::Result<Self> {
        run(conn, "BEGIN")?;
        Ok(Self(conn))
    }

    /// Keeps what was written; when this fails, nothing of it is kept.
    ///
    /// # Errors
    /// When the disk refuses.
    pub(crate) fn commit(self) -> rusqlite::Result<()> {
        run(self.0, "COMMIT")
    }

    /// Undoes what was written.
    ///
    /// # Errors
    /// When SQLite refuses.
    pub(crate) fn rollback(self) -> rusqlite::Result<()> {
        roll_back(self.0)
    }
}

impl Deref for Transaction<'_> {
    type Target = Connection;
    fn deref(&self) -> &Connection {
        self.0
    }
}

impl Drop for Transaction<'_> {
    fn drop(&mut self) {
        if let Err(error) = roll_back(self.0) {
            tracing::error!(%error, "a transaction is not undone");
        }
    }
}

/// Undoes the transaction; one that has ended, as SQLite may end it when the disk is full, is left alone.
fn roll_back(conn: &Connection) -> rusqlite::Result<()> {
    if conn.is_autocommit() { Ok(()) } else { run(conn, "ROLLBACK") }
}

fn run(conn: &Connection, sql: &str) -> rusqlite::Result<()> {
    conn.prepare_cached(sql)?.execute([]).map(drop)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::Transaction;
    use rusqlite::Connection;

    fn table() -> Connection {
        let conn = Connection::open_in_memory().unwrap();
        conn.execute_batch("PRAGMA foreign_keys = ON; CREATE TABLE kept (n INTEGER PRIMARY KEY)").unwrap();
        conn
    }

    fn put(conn: &Connection, n: i64) {
        conn.execute("INSERT INTO kept (n) VALUES (?1)", [n]).unwrap();
    }

    fn rows(conn: &Connection) -> Vec<i64> {
        let mut select = conn.prepare("SELECT n FROM kept ORDER BY n").unwrap();
        select.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
    }

    #[test]
    fn only_what_is_committed_stays() {
        let mut conn = table();
        for n in 1..=3 {
            let tx = Transaction::begin(&mut conn).unwrap();
            put(&tx, n);
            match n {
                1 => tx.commit().unwrap(),
                2 => tx.rollback().unwrap(),
                _ => drop(tx),
            }
        }
        assert_eq!(rows(&conn), [1]);
    }

    #[test]
    fn a_commit_that_is_refused_leaves_nothing_and_the_next_goes_on() {
        let mut conn = table();
        conn.execute_batch("CREATE TABLE child (n INTEGER REFERENCES kept (n) DEFERRABLE INITIALLY DEFERRED)").unwrap();
        let tx = Transaction::begin(&mut conn).unwrap();
        put(&tx, 1);
        tx.execute("INSERT INTO child VALUES (7)", []).unwrap();
        assert!(tx.commit().is_err());
        assert!(rows(&conn).is_empty());
        let tx = Transaction::begin(&mut conn).unwrap();
        put(&tx, 2);
        tx.commit().unwrap();
        assert_eq!(rows(&conn), [2]);
    }

    #[test]
    fn one_that_sqlite_has_ended_is_dropped_in_peace() {
        let mut conn = table();
        let tx = Transaction::begin(&mut conn).unwrap();
        put(&tx, 1);
        tx.execute_batch("ROLLBACK").unwrap();
        drop(tx);
        assert!(conn.is_autocommit() && rows(&conn).is_empty());
    }
}
