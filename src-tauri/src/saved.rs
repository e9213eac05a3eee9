//! Saves a file where the person finds it, and never overwrites another.

use std::fs::File;
use std::io::{ErrorKind, Result, Write};
use std::path::{Path, PathBuf};

/// The maximum number of files of one name in a folder.
const MOST_OF_A_NAME: u32 = 1_000;

/// Writes `bytes` into `folder` as `name`, or as `name (2)` and so on when that is taken, and returns the path.
pub(crate) fn write_beside(folder: &Path, name: &str, bytes: &[u8]) -> Result<PathBuf> {
    std::fs::create_dir_all(folder)?;
    // Only the last component counts, so that a name cannot lead out of the folder.
    let name = Path::new(name).file_name().ok_or(ErrorKind::InvalidInput)?;
    let name = Path::new(name);
    for n in 1..=MOST_OF_A_NAME {
        let path = folder.join(numbered(name, n));
        match create_own(&path) {
            Ok(mut file) => {
                file.write_all(bytes)?;
                file.sync_all()?;
                return Ok(path);
            }
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
    Err(ErrorKind::AlreadyExists.into())
}

/// Creates a file that other users of the machine cannot read.
fn create_own(path: &Path) -> Result<File> {
    let mut options = File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

fn numbered(name: &Path, n: u32) -> PathBuf {
    if n == 1 {
        return name.to_owned();
    }
    let stem = name.file_stem().unwrap_or_default().to_string_lossy();
    match name.extension() {
        Some(extension) => PathBuf::from(format!("{stem} ({n}).{}", extension.to_string_lossy())),
        None => PathBuf::from(format!("{stem} ({n})")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_file_of_a_name_goes_beside_the_first() -> Result<()> {
        let folder = tempfile::tempdir()?;
        let first = write_beside(folder.path(), "results.csv", b"a")?;
        let second = write_beside(folder.path(), "results.csv", b"b")?;
        assert_eq!(second, folder.path().join("results (2).csv"));
        assert_eq!((std::fs::read_to_string(first)?, std::fs::read_to_string(second)?), ("a".into(), "b".into()));
        Ok(())
    }

    #[test]
    fn a_name_does_not_lead_out_of_the_folder() -> Result<()> {
        let folder = tempfile::tempdir()?;
        let path = write_beside(&folder.path().join("in"), "../../out.csv", b"a")?;
        assert_eq!(path, folder.path().join("in/out.csv"));
        assert!(write_beside(folder.path(), "..", b"a").is_err());
        Ok(())
    }
}
