//! Bytes of a chosen file as lines of limited length, read block by block.

use super::{place, refuse};
use crate::handle::Files;
use porchlight_model::calls::files::{ChosenFile, MAX_LINE_BYTES};
use porchlight_model::message::{ApiError, ErrorCode, Message};
use std::sync::Arc;

/// Bytes read at once.
const BLOCK_BYTES: usize = 256 * 1024;

/// Reads a chosen file from its beginning.
pub struct ByteReader {
    file: ChosenFile,
    files: Arc<dyn Files>,
    block: Vec<u8>,
    at: usize,
    offset: u64,
    /// The line of the next byte, counted from 1.
    pub(crate) line: u64,
}

impl ByteReader {
    /// Opens the file and refuses what is no text: packed, sheets of a spreadsheet program, UTF-16, or empty.
    ///
    /// # Errors
    /// With the place and what to do.
    pub fn open(file: ChosenFile, files: Arc<dyn Files>) -> Result<Self, ApiError> {
        let mut reader = Self { file, files, block: Vec::new(), at: 0, offset: 0, line: 1 };
        reader.fill()?;
        let start = reader.block.as_slice();
        let wrong = match start {
            [] => Some("import-empty"),
            [0x1f, 0x8b, ..] => Some("import-packed"),
            [b'P', b'K', 3, 4, ..] => Some("import-zip"),
            [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => Some("import-utf-16"),
            _ if start.iter().take(4096).any(|byte| *byte == 0) => Some("import-binary"),
            _ => None,
        };
        if let Some(id) = wrong {
            return Err(refuse(place(&reader.file, 1, 0, ""), Message::new(id)));
        }
        if start.starts_with(&[0xef, 0xbb, 0xbf]) {
            reader.at = 3;
        }
        Ok(reader)
    }

    /// How many bytes have been taken.
    #[must_use]
    pub fn n_read(&self) -> u64 {
        self.offset - (self.block.len() - self.at) as u64
    }

    /// The first byte that is no blank, without taking it.
    pub(crate) fn first_mark(&self) -> Option<u8> {
        self.block[self.at..].iter().copied().find(|byte| !byte.is_ascii_whitespace())
    }

    pub(crate) const fn file(&self) -> &ChosenFile {
        &self.file
    }

    /// The next byte.
    pub(crate) fn next_byte(&mut self) -> Result<Option<u8>, ApiError> {
        if self.at == self.block.len() {
            self.fill()?;
        }
        let Some(byte) = self.block.get(self.at).copied() else { return Ok(None) };
        self.at += 1;
        if byte == b'\n' {
            self.line += 1;
        }
        Ok(Some(byte))
    }

    /// Reads the next line into `line`, without its end. Says whether there was one, and whether it ended in a line break.
    ///
    /// # Errors
    /// When it is longer than [`MAX_LINE_BYTES`] or holds a NUL byte: then the file is no table.
    pub(crate) fn next_line(&mut self, line: &mut Vec<u8>) -> Result<Option<bool>, ApiError> {
        line.clear();
        let number = self.line;
        loop {
            if self.at == self.block.len() {
                self.fill()?;
                if self.block.is_empty() {
                    return Ok(if line.is_empty() { None } else { Some(false) });
                }
            }
            let rest = &self.block[self.at..];
            let end = rest.iter().position(|byte| *byte == b'\n');
            let part = &rest[..end.unwrap_or(rest.len())];
            if line.len() + part.len() > MAX_LINE_BYTES {
                let what = Message::new("import-line-too-long").with("max", MAX_LINE_BYTES / 1024);
                return Err(refuse(place(&self.file, number, 0, ""), what));
            }
            if part.contains(&0) {
                return Err(refuse(place(&self.file, number, 0, ""), Message::new("import-binary")));
            }
            line.extend_from_slice(part);
            self.at += part.len();
            if end.is_some() {
                self.at += 1;
                self.line += 1;
                if line.last() == Some(&b'\r') {
                    line.pop();
                }
                return Ok(Some(true));
            }
        }
    }

    fn fill(&mut self) -> Result<(), ApiError> {
        self.block.resize(BLOCK_BYTES, 0);
        let n = self.files.read_at(&self.file.key, self.offset, &mut self.block).map_err(|error| {
            ApiError::new(ErrorCode::Failed, Message::new("import-unreadable").with("detail", error))
        })?;
        self.block.truncate(n);
        self.at = 0;
        self.offset += n as u64;
        Ok(())
    }
}
