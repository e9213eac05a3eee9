//! A line of a table as cells, with the problems that a line can have on its own.

use csv_core::{ReadRecordResult, Reader, ReaderBuilder};
use std::borrow::Cow;

/// Splits lines into cells, quotes understood. A quote that is never closed spoils its own line only.
pub(crate) struct Splitter {
    reader: Reader,
    cells: Vec<u8>,
    ends: Vec<usize>,
    n_cells: usize,
}

impl Splitter {
    pub(crate) fn new(separator: u8) -> Self {
        let reader = ReaderBuilder::new().delimiter(separator).build();
        Self { reader, cells: vec![0; 4096], ends: vec![0; 256], n_cells: 0 }
    }

    /// Splits one line; says whether every quote was closed.
    pub(crate) fn split(&mut self, line: &[u8]) -> bool {
        self.reader.reset();
        self.cells.resize(self.cells.len().max(line.len() + 1), 0);
        self.ends.resize(self.ends.len().max(line.len() + 2), 0);
        let (first, n_in, n_out, n_ends) = self.reader.read_record(line, &mut self.cells, &mut self.ends);
        let rest = &line[n_in..];
        if matches!(first, ReadRecordResult::Record) && rest.is_empty() {
            self.n_cells = n_ends;
            return true;
        }
        // The line break that the reader waits for closes the record, unless a quote is open.
        let (second, _, _, more) = self.reader.read_record(b"\n", &mut self.cells[n_out..], &mut self.ends[n_ends..]);
        self.n_cells = n_ends + more;
        matches!(second, ReadRecordResult::Record)
    }

    pub(crate) const fn n_cells(&self) -> usize {
        self.n_cells
    }

    /// The bytes of a cell; empty when there is none.
    pub(crate) fn cell(&self, index: usize) -> &[u8] {
        if index >= self.n_cells {
            return &[];
        }
        let start = if index == 0 { 0 } else { self.ends[index - 1] };
        &self.cells[start..self.ends[index]]
    }
}

/// A cell, trimmed: UTF-8 where it is that, which letters beyond ASCII in Latin-1 never are in a name, else Latin-1.
pub(crate) fn text(bytes: &[u8]) -> String {
    let text = std::str::from_utf8(bytes).map_or_else(|_| encoding_rs::mem::decode_latin1(bytes), Cow::from);
    text.trim().to_owned()
}
