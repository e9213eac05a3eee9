//! Read connections beside the writer, each request in one transaction: one snapshot of the store from the first row to the last.

use super::files;
use crate::store::StoreError;
use rusqlite::Connection;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::Semaphore;

/// The most connections that read at once.
const MAX_READERS: usize = 8;

/// A set of reading connections, opened when first needed.
pub(super) struct Readers {
    path: PathBuf,
    idle: Arc<Mutex<Vec<Connection>>>,
    permits: Arc<Semaphore>,
}

impl Readers {
    pub(super) fn new(path: PathBuf) -> Self {
        Self { path, idle: Arc::default(), permits: Arc::new(Semaphore::new(MAX_READERS)) }
    }

    /// Runs a read on a thread where waiting for the disk blocks no other request.
    pub(super) async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let unavailable = |error: Box<dyn std::error::Error + Send + Sync>| StoreError::Unavailable(error);
        let permit = self.permits.clone().acquire_owned().await.map_err(|error| unavailable(error.into()))?;
        let (idle, path) = (self.idle.clone(), self.path.clone());
        let task = tokio::task::spawn_blocking(move || {
            let known = idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
            let conn = known.map_or_else(|| files::open_reader(&path), Ok)?;
            let result = in_one_state(&conn, work);
            if conn.is_autocommit() {
                idle.lock().unwrap_or_else(PoisonError::into_inner).push(conn);
            }
            drop(permit);
            result
        });
        task.await.map_err(|error| unavailable(error.into()))?
    }

    /// Serves no further reads.
    pub(super) fn close(&self) {
        self.permits.close();
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

fn in_one_state<T>(
    conn: &Connection,
    work: impl FnOnce(&Connection) -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    files::run(conn, "BEGIN")?;
    let result = work(conn);
    if !conn.is_autocommit() {
        files::run(conn, "ROLLBACK")?;
    }
    result
}
