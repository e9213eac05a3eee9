//! The folder that holds the database: finds it, creates it, and locks it for one window at a time.

use porchlight_model::message::{ApiError, ErrorCode, Message};
use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use tauri::{AppHandle, Manager};

/// The environment variable that names a folder to use instead of the system's folder for application data.
const OTHER_FOLDER: &str = "PORCHLIGHT_DATA";

/// How long to wait for a window that was just closed to release the lock.
const CLOSING_WAIT: Duration = Duration::from_secs(5);
/// The interval between attempts to take the lock.
const LOOK_AGAIN: Duration = Duration::from_millis(50);

/// The data folder, locked.
#[derive(Debug)]
pub(crate) struct DataFolder {
    path: PathBuf,
    _lock: File,
}

impl DataFolder {
    /// Finds the folder, creates it when it is missing, and locks it.
    pub(crate) fn open(app: &AppHandle) -> Result<Self, ApiError> {
        let path = match std::env::var_os(OTHER_FOLDER) {
            Some(path) => PathBuf::from(path),
            None => app.path().app_data_dir().map_err(|error| unusable(Path::new("?"), &error.to_string()))?,
        };
        Self::hold(path, CLOSING_WAIT)
    }

    /// Takes the folder's lock, waiting up to `patience` for another holder to release it.
    fn hold(path: PathBuf, patience: Duration) -> Result<Self, ApiError> {
        make_own(&path).map_err(|error| unusable(&path, &error.to_string()))?;
        let lock = File::options().create(true).truncate(false).write(true).open(path.join("porchlight.lock"));
        let lock = lock.map_err(|error| unusable(&path, &error.to_string()))?;
        let start = Instant::now();
        let mut locked = lock.try_lock();
        while matches!(locked, Err(TryLockError::WouldBlock)) && start.elapsed() < patience {
            std::thread::park_timeout(LOOK_AGAIN);
            locked = lock.try_lock();
        }
        match locked {
            Ok(()) => Ok(Self { path, _lock: lock }),
            Err(TryLockError::WouldBlock) => {
                Err(ApiError::new(ErrorCode::Failed, Message::new("error-open-elsewhere")))
            }
            Err(TryLockError::Error(error)) => Err(unusable(&path, &error.to_string())),
        }
    }

    /// The folder's path.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }
}

/// Creates the folder when it is missing, and denies other users of the machine access to it: it holds voters.
fn make_own(path: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(path)?;
    #[cfg(unix)]
    std::fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(0o700))?;
    Ok(())
}

/// The error that says why the folder cannot be used.
pub(crate) fn unusable(path: &Path, why: &str) -> ApiError {
    let message = Message::new("error-data-folder").with("folder", path.display()).with("detail", why);
    ApiError::new(ErrorCode::Failed, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_held_by_one_window_at_a_time() -> std::io::Result<()> {
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("new");
        let held = DataFolder::hold(path.clone(), Duration::ZERO);
        assert!(held.is_ok(), "{held:?}");
        let again = DataFolder::hold(path.clone(), Duration::ZERO).err().map(|error| error.message.id);
        assert_eq!(again.as_deref(), Some("error-open-elsewhere"));
        drop(held);
        assert!(DataFolder::hold(path, Duration::ZERO).is_ok());
        Ok(())
    }

    #[cfg(unix)]
    #[test]
    fn other_users_of_the_machine_do_not_look_into_the_folder() -> std::io::Result<()> {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("data");
        std::fs::create_dir(&path)?;
        // The permissions that an earlier version of the window left behind.
        std::fs::set_permissions(&path, PermissionsExt::from_mode(0o755))?;
        assert!(DataFolder::hold(path.clone(), Duration::ZERO).is_ok());
        assert_eq!(path.metadata()?.permissions().mode() & 0o777, 0o700);
        Ok(())
    }

    #[test]
    fn a_file_in_the_folders_place_is_told() -> std::io::Result<()> {
        let file = tempfile::NamedTempFile::new()?;
        let error = DataFolder::hold(file.path().to_owned(), Duration::ZERO).err().map(|error| error.message.id);
        assert_eq!(error.as_deref(), Some("error-data-folder"));
        Ok(())
    }
}
