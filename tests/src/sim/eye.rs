//! Reads a database independently of its writer, and only when it has changed.

use super::device::leave_log;
use anyhow::Result;
use rusqlite::Connection;
use std::cell::RefCell;
use std::rc::Rc;

/// A cached reader of one database, closed at first.
#[derive(Debug)]
pub(super) struct Eye<T>(RefCell<Option<Open<T>>>);

#[derive(Debug)]
struct Open<T> {
    conn: Connection,
    /// SQLite's `data_version`, which counts the commits of others.
    version: i64,
    seen: Rc<T>,
}

impl<T> Default for Eye<T> {
    fn default() -> Self {
        Self(RefCell::new(None))
    }
}

impl<T> Eye<T> {
    /// Closes it, because the file is about to be replaced.
    pub(super) fn close(&self) {
        self.0.take();
    }

    /// Returns what `read` reads from the database at `path`, a SQLite URI.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub(super) fn look(&self, path: &str, read: impl FnOnce(&Connection) -> Result<T>) -> Result<Rc<T>> {
        let open = self.0.take();
        let (conn, before) = match open {
            Some(Open { conn, version, seen }) => (conn, Some((version, seen))),
            None => (Connection::open(path)?, None),
        };
        if before.is_none() {
            leave_log(&conn)?;
        }
        let version = conn.prepare_cached("PRAGMA data_version")?.query_row([], |row| row.get(0))?;
        let seen = match before {
            Some((last, seen)) if last == version => seen,
            _ => Rc::new(read(&conn)?),
        };
        *self.0.borrow_mut() = Some(Open { conn, version, seen: seen.clone() });
        Ok(seen)
    }
}
