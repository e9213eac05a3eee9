//! Restricts the store's folder and file to the relay's own user, because they contain voters.

use std::fs::{DirBuilder, File};
use std::io::Result;
use std::path::Path;

/// Makes a folder, and those above it, where they are missing, for this user alone.
pub(super) fn make_folder(folder: &Path) -> Result<()> {
    let mut made = DirBuilder::new();
    made.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut made, 0o700);
    made.create(folder)
}

/// Makes the folder and the file where they are missing, for this user alone. A file that is there is closed to others; a folder that is
/// there may be the operator's for more than this.
pub(super) fn make(folder: &Path, file: &Path) -> Result<()> {
    make_folder(folder)?;
    let mut options = File::options();
    // Not truncated: SQLite takes an empty file for a new database. Its other files get the rights of this one.
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let opened = options.open(file)?;
    #[cfg(unix)]
    for own in [file.to_owned(), beside(file, "-wal"), beside(file, "-shm")] {
        if let Err(error) = close_to_others(&own) {
            tracing::warn!(file = %own.display(), %error, "a file of the store stays readable to others");
        }
    }
    drop(opened);
    Ok(())
}

#[cfg(unix)]
fn beside(file: &Path, end: &str) -> std::path::PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(end);
    name.into()
}

#[cfg(unix)]
fn close_to_others(file: &Path) -> Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let Ok(found) = file.metadata() else { return Ok(()) };
    if found.permissions().mode() & 0o077 == 0 {
        return Ok(());
    }
    std::fs::set_permissions(file, PermissionsExt::from_mode(0o600))
}

#[cfg(all(test, unix))]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::make;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn other_users_of_the_machine_read_neither_folder_nor_file() {
        let around = tempfile::tempdir().unwrap();
        let folder = around.path().join("new").join("data");
        let file = folder.join("relay.sqlite");
        let mode = |path: &std::path::Path| path.metadata().unwrap().permissions().mode() & 0o777;
        make(&folder, &file).unwrap();
        assert_eq!((mode(&folder), mode(&file)), (0o700, 0o600));
        // Those of a relay of the last version.
        let log = folder.join("relay.sqlite-wal");
        std::fs::write(&log, b"").unwrap();
        for path in [&file, &log] {
            std::fs::set_permissions(path, PermissionsExt::from_mode(0o644)).unwrap();
        }
        make(&folder, &file).unwrap();
        assert_eq!((mode(&file), mode(&log)), (0o600, 0o600));
    }
}
