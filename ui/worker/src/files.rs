//! Files that the person chose, read in slices through the browser.

use porchlight_engine::Files;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::io::{Error, ErrorKind};
use web_sys::{File, FileReaderSync};

thread_local! {
    /// The files of the worker's thread, which `File` cannot leave.
    static FILES: RefCell<BTreeMap<String, File>> = const { RefCell::new(BTreeMap::new()) };
}

/// Files by key.
#[derive(Debug, Default)]
pub(crate) struct StagedFiles;

impl StagedFiles {
    /// Stores a file and returns its key.
    pub(crate) fn keep(&self, file: File) -> String {
        FILES.with_borrow_mut(|files| {
            let key = format!("file-{}", files.len() + 1);
            files.insert(key.clone(), file);
            key
        })
    }
}

impl Files for StagedFiles {
    fn read_at(&self, key: &str, offset: u64, into: &mut [u8]) -> std::io::Result<usize> {
        let file = FILES.with_borrow(|files| files.get(key).cloned()).ok_or(ErrorKind::NotFound)?;
        let start = offset as f64;
        let end = (start + into.len() as f64).min(file.size());
        if start >= end {
            return Ok(0);
        }
        let read = || {
            let slice = file.slice_with_f64_and_f64(start, end)?;
            FileReaderSync::new()?.read_as_array_buffer(&slice)
        };
        // The file may have been moved or changed since it was chosen.
        let buffer = read().map_err(|error| Error::other(format!("{error:?}")))?;
        let bytes = js_sys::Uint8Array::new(&buffer);
        let n = (bytes.length() as usize).min(into.len());
        bytes.slice(0, bytes.length()).copy_to(&mut into[..n]);
        Ok(n)
    }
}
