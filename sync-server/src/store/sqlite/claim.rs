//! A lock file, so that only one process serves from a folder at a time.

use super::own::make_folder;
use std::fs::{File, TryLockError};
use std::io::Result;
use std::path::Path;

/// The file's name that a serving relay holds locked; it stays empty.
const LOCK_NAME: &str = "relay.lock";

/// Says that this process serves from a folder; ends when dropped, and with the process, however that ends.
#[derive(Debug)]
pub struct Claim {
    _file: File,
}

/// Claims a folder, made where it is missing, for a process that serves; `None` while another one does.
///
/// # Errors
/// When the lock's file cannot be made. On a file system that knows no locks, the claim keeps nobody away.
pub(super) fn claim(folder: &Path) -> Result<Option<Claim>> {
    make_folder(folder)?;
    let mut options = File::options();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(folder.join(LOCK_NAME))?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => return Ok(None),
        Err(TryLockError::Error(error)) => {
            tracing::warn!(%error, "the data folder takes no lock: see to it that only one relay serves from it");
        }
    }
    Ok(Some(Claim { _file: file }))
}
