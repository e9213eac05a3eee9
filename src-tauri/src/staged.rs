//! Files that the person chose in the page, kept on disk for as long as the window lives.

use porchlight_engine::Files;
use std::fs::File;
use std::io::{ErrorKind, Read, Result, Seek, SeekFrom, Write};
use std::path::PathBuf;

/// The longest key the page may give, in characters.
const LONGEST_KEY: usize = 64;

/// Files by key, in a folder that is emptied when the window opens and when it closes.
#[derive(Debug, Default)]
pub(crate) struct StagedFiles {
    folder: PathBuf,
}

impl StagedFiles {
    /// Creates an empty folder for staged files.
    pub(crate) fn new(folder: PathBuf) -> Self {
        let files = Self { folder };
        files.empty();
        files
    }

    /// Appends to a key's file, and creates it at the first bytes.
    pub(crate) fn append(&self, key: &str, bytes: &[u8]) -> Result<()> {
        let path = self.path(key)?;
        std::fs::create_dir_all(&self.folder)?;
        File::options().create(true).append(true).open(path)?.write_all(bytes)
    }

    fn path(&self, key: &str) -> Result<PathBuf> {
        let is_plain = key.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
        if key.is_empty() || key.len() > LONGEST_KEY || !is_plain {
            return Err(ErrorKind::InvalidInput.into());
        }
        Ok(self.folder.join(key))
    }

    fn empty(&self) {
        // Files that cannot be removed now are removed at the next start.
        drop(std::fs::remove_dir_all(&self.folder));
    }
}

impl Drop for StagedFiles {
    fn drop(&mut self) {
        self.empty();
    }
}

impl Files for StagedFiles {
    fn read_at(&self, key: &str, offset: u64, into: &mut [u8]) -> Result<usize> {
        let mut file = File::open(self.path(key)?)?;
        file.seek(SeekFrom::Start(offset))?;
        let mut n = 0;
        while n < into.len() {
            match file.read(&mut into[n..])? {
                0 => break,
                more => n += more,
            }
        }
        Ok(n)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_put_together_from_its_chunks_and_read_from_anywhere() -> Result<()> {
        let folder = tempfile::tempdir()?;
        let files = StagedFiles::new(folder.path().join("staged"));
        files.append("key-1", b"Lantern ")?;
        files.append("key-1", b"Street")?;
        let mut into = [0; 10];
        assert_eq!(files.read_at("key-1", 4, &mut into)?, 10);
        assert_eq!(&into, b"ern Street");
        assert_eq!(files.read_at("key-1", 14, &mut into)?, 0);
        drop(files);
        assert!(!folder.path().join("staged").exists());
        Ok(())
    }

    #[test]
    fn a_key_is_no_path() -> Result<()> {
        let folder = tempfile::tempdir()?;
        let files = StagedFiles::new(folder.path().join("staged"));
        for key in ["", "..", "../x", "a/b", &"k".repeat(LONGEST_KEY + 1)] {
            assert!(files.append(key, b"x").is_err(), "{key}");
        }
        files.append(&"k".repeat(LONGEST_KEY), b"x")
    }
}
