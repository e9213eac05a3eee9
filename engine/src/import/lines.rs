//! Reads a chosen file block by block, as bytes or as lines of limited length.

use super::table::END_MARK;
use super::{place, refuse};
use crate::handle::Files;
use porchlight_model::calls::files::ChosenFile;
use porchlight_model::calls::import::MAX_LINE_BYTES;
use porchlight_model::message::{ApiError, ErrorCode, Message};
use std::sync::Arc;

/// The size of a block in bytes.
const BLOCK_BYTES: usize = 256 * 1024;
/// How many bytes at the beginning of a file are checked to be text, before anything else is read.
const START_BYTES: usize = 4096;

/// Precedes each feature of a GeoJSON text sequence (RFC 8142).
const RECORD_SEPARATOR: u8 = 0x1e;

/// Reads a chosen file from its beginning.
pub struct ByteReader {
    file: ChosenFile,
    files: Arc<dyn Files>,
    block: Vec<u8>,
    at: usize,
    offset: u64,
    /// The line of the next byte, counted from 1.
    pub(crate) line: u64,
    /// The column of the next byte in characters, counted from 1; only maintained when bytes are read one by one.
    pub(crate) column: u64,
    /// Whether the file ended in a DOS end mark, which is left out.
    pub(crate) had_end_mark: bool,
}

impl ByteReader {
    /// Opens the file and refuses what is not plain text: compressed files, spreadsheets, UTF-16, or empty files.
    ///
    /// # Errors
    /// With the position and what to do.
    pub fn open(file: ChosenFile, files: Arc<dyn Files>) -> Result<Self, ApiError> {
        let mut reader =
            Self { file, files, block: Vec::new(), at: 0, offset: 0, line: 1, column: 1, had_end_mark: false };
        reader.fill()?;
        let start = reader.block.as_slice();
        let wrong = match start {
            [] => Some(("import-empty", 0)),
            [0x1f, 0x8b, ..] => Some(("import-packed", 0)),
            [b'P', b'K', 3, 4, ..] => Some(("import-zip", 0)),
            [0xd0, 0xcf, 0x11, 0xe0, ..] => Some(("import-old-sheet", 0)),
            [b'%', b'P', b'D', b'F', b'-', ..] => Some(("import-pdf", 0)),
            _ if is_picture(start) => Some(("import-picture", 0)),
            [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => Some(("import-utf-16", 0)),
            _ => start.iter().take(START_BYTES).position(|byte| *byte == 0).map(|at| ("import-binary", at)),
        };
        if let Some((id, at)) = wrong {
            let n_breaks = start[..at].iter().filter(|byte| **byte == b'\n').count() as u64;
            let line = start[..at].rsplit(|byte| *byte == b'\n').next().unwrap_or_default();
            let is_table = !matches!(first_mark(start), Some(b'{' | b'['));
            let column = if is_table { column_behind(line, &[]) } else { line.len() as u64 + 1 };
            return Err(refuse(place(&reader.file, n_breaks + 1, column, ""), Message::new(id)));
        }
        if start.starts_with(&[0xef, 0xbb, 0xbf]) {
            reader.at = 3;
        }
        Ok(reader)
    }

    /// The number of bytes that have been read.
    #[must_use]
    pub fn n_read(&self) -> u64 {
        self.offset - (self.block.len() - self.at) as u64
    }

    /// Peeks at the first byte that is neither white space nor a record separator.
    pub(crate) fn first_mark(&self) -> Option<u8> {
        first_mark(&self.block[self.at..])
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
            self.column = 1;
        } else if byte & 0xc0 != 0x80 {
            self.column += 1;
        }
        Ok(Some(byte))
    }

    /// Reads the next line into `line`, without its line break. Returns `None` at the end of the file, else whether the line ended in a line break.
    ///
    /// # Errors
    /// When it is longer than [`MAX_LINE_BYTES`] or contains a NUL byte: then the file is not a table.
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
            let room = MAX_LINE_BYTES - line.len();
            if part.len() > room {
                let what = Message::new("import-line-too-long").with("max", MAX_LINE_BYTES / 1024);
                return Err(refuse(place(&self.file, number, column_behind(line, &part[..room]), ""), what));
            }
            if let Some(at) = part.iter().position(|byte| *byte == 0) {
                let column = column_behind(line, &part[..at]);
                return Err(refuse(place(&self.file, number, column, ""), Message::new("import-binary")));
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
        if self.offset >= self.file.bytes && self.block.last() == Some(&END_MARK) {
            self.block.pop();
            self.had_end_mark = true;
        }
        Ok(())
    }
}

/// Whether the first bytes are those of a picture, by the signatures that the formats define.
fn is_picture(start: &[u8]) -> bool {
    let after = |at: usize, mark: &[u8]| start.get(at..).is_some_and(|rest| rest.starts_with(mark));
    let is_riff = after(0, b"RIFF") && after(8, b"WEBP");
    let is_heif = after(4, b"ftyp");
    after(0, b"\x89PNG") || after(0, b"\xff\xd8\xff") || after(0, b"GIF8") || is_riff || is_heif
}

fn first_mark(start: &[u8]) -> Option<u8> {
    start.iter().copied().find(|byte| !byte.is_ascii_whitespace() && *byte != RECORD_SEPARATOR)
}

/// The column of the byte after the beginning of a line, given in two parts. It counts separators, including those in quotes.
pub(crate) fn column_behind(start: &[u8], more: &[u8]) -> u64 {
    let n = |separator: u8| start.iter().chain(more).filter(|byte| **byte == separator).count() as u64;
    1 + if n(b'\t') > 0 { n(b'\t') } else { n(b',') }
}
