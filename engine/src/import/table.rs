//! Splits the rows of a table into cells. A malformed row whose meaning is clear is repaired, and the repair is reported.
//!
//! Several readings of quotation marks are tried; the first that gives as many cells as the header is used. A row without quotation marks
//! has one reading.

use super::layout::Columns;
use porchlight_model::message::Message;
use std::borrow::Cow;

/// The end-of-file character of DOS.
pub(crate) const END_MARK: u8 = 0x1a;

/// A kind of repair.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Repair {
    /// Quotation marks inside cells were not doubled, or never closed.
    Quotes,
    /// A row ended in superfluous empty cells.
    Extra,
    /// Cells were missing at a row's end.
    Missing,
    /// A line was blank.
    Blank,
    /// The file ended in a DOS end mark.
    EndMark,
}

impl Repair {
    /// The message about `n` repairs of this kind.
    pub(crate) fn message(self, n: u64) -> Message {
        let id = match self {
            Self::Quotes => "import-repaired-quotes",
            Self::Extra => "import-repaired-extra",
            Self::Missing => "import-repaired-missing",
            Self::Blank => "import-repaired-blank",
            Self::EndMark => "import-repaired-end",
        };
        Message::new(id).with("n", n)
    }
}

/// Why a row cannot be parsed: the column, counted from 1, and what is wrong.
pub(crate) type Unreadable = (usize, Message);

/// A reading of the quotation marks in a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Quotes {
    /// The row has none.
    None,
    /// RFC 4180: cells may be quoted, and a quotation mark inside a quoted cell is doubled.
    Strict,
    /// Quotation marks are ordinary characters: a cell ends at the next separator.
    Literal,
    /// A cell that begins with a quotation mark ends at the next one that a separator or the end of the line follows.
    Closing,
}

/// Reads the rows of one table.
pub(crate) struct Rows {
    separator: u8,
    n_headers: usize,
    /// The columns that every row must have.
    required: Vec<usize>,
    /// The number of cells in the last row that was short at its end.
    n_short: Option<usize>,
    /// The number of cells in the last row, before repair.
    n_written: usize,
    cells: Vec<u8>,
    ends: Vec<usize>,
}

impl Rows {
    pub(crate) fn new(columns: &Columns) -> Self {
        let required = columns.required().collect();
        let (cells, ends) = (Vec::with_capacity(4096), Vec::with_capacity(256));
        let n_headers = columns.headers.len();
        Self { separator: columns.separator, n_headers, required, n_short: None, n_written: 0, cells, ends }
    }

    /// Splits a line; returns the repairs. If there were too many or too few cells, a caller that knows their meaning must check that each
    /// is in its column: see [`is_shifted`].
    ///
    /// # Errors
    /// When its meaning is not clear.
    pub(crate) fn read(&mut self, line: &[u8]) -> Result<Vec<Repair>, Unreadable> {
        let quotes = self.split(line)?;
        let mut repairs = Vec::new();
        if matches!(quotes, Quotes::Literal | Quotes::Closing) {
            repairs.push(Repair::Quotes);
        }
        let n = self.n_cells();
        self.n_written = n;
        if self.has_empty_tail() {
            self.ends.truncate(self.n_headers);
            repairs.push(Repair::Extra);
        } else if n < self.n_headers && self.has_required() {
            self.n_short = Some(n);
            repairs.push(Repair::Missing);
        } else if n != self.n_headers {
            return Err((n, wrong_cells(n, self.n_headers)));
        }
        Ok(repairs)
    }

    /// Whether the file's last line, which has no line break, was truncated. It was not if other rows lack the same cells at their end.
    pub(crate) fn is_cut_off(&mut self, line: &[u8]) -> bool {
        self.split(line).is_err() || (self.n_cells() < self.n_headers && self.n_short != Some(self.n_cells()))
    }

    /// Whether a line is blank.
    pub(crate) fn is_blank(&self, line: &[u8]) -> bool {
        line.iter()
            .all(|byte| byte.is_ascii_whitespace() || matches!(*byte, b'"' | END_MARK) || *byte == self.separator)
    }

    /// The error for the last row when its cells do not fit the header, because a cell may be lost or added in the middle.
    pub(crate) fn wrong(&self) -> Unreadable {
        (self.n_written, wrong_cells(self.n_written, self.n_headers))
    }

    pub(crate) const fn n_cells(&self) -> usize {
        self.ends.len()
    }

    /// The bytes of a cell; empty when there is none.
    pub(crate) fn cell(&self, index: usize) -> &[u8] {
        let Some(end) = self.ends.get(index) else { return &[] };
        let start = index.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or_default();
        &self.cells[start..*end]
    }

    /// Splits a line by the first reading that fits, and returns it.
    fn split(&mut self, line: &[u8]) -> Result<Quotes, Unreadable> {
        if !line.contains(&b'"') {
            self.take(line, Quotes::None);
            return Ok(Quotes::None);
        }
        // In tab-separated text a quotation mark is an ordinary character, unless the row follows RFC 4180.
        let readings: &[Quotes] = match self.separator {
            b'\t' => &[Quotes::Strict, Quotes::Literal, Quotes::Closing],
            _ => &[Quotes::Strict, Quotes::Closing],
        };
        let mut next_best: Option<(u8, Quotes)> = None;
        for reading in readings {
            if !self.take(line, *reading) {
                continue;
            }
            let rank = match self.n_cells() {
                n if n == self.n_headers => return Ok(*reading),
                _ if self.has_empty_tail() => 0,
                _ => 1,
            };
            if next_best.is_none_or(|(best, _)| rank < best) {
                next_best = Some((rank, *reading));
            }
        }
        let Some((_, reading)) = next_best else {
            return Err((self.n_cells() + 1, Message::new("import-quote-open")));
        };
        self.take(line, reading);
        Ok(reading)
    }

    /// Splits a line by one reading; returns whether it fits.
    fn take(&mut self, line: &[u8], quotes: Quotes) -> bool {
        self.cells.clear();
        self.ends.clear();
        let mut rest = line;
        loop {
            let n_cell = match (quotes, rest.first()) {
                (Quotes::Strict, Some(b'"')) => self.take_strict(rest),
                (Quotes::Closing, Some(b'"')) => self.take_closing(rest),
                _ => self.take_plain(rest, quotes),
            };
            let Some(n_cell) = n_cell else { return false };
            self.ends.push(self.cells.len());
            match rest.get(n_cell) {
                Some(_) => rest = &rest[n_cell + 1..],
                None => return true,
            }
        }
    }

    /// Takes a cell up to the next separator; returns its length in the line.
    fn take_plain(&mut self, rest: &[u8], quotes: Quotes) -> Option<usize> {
        let n = rest.iter().position(|byte| *byte == self.separator).unwrap_or(rest.len());
        let cell = &rest[..n];
        match quotes {
            Quotes::Strict if cell.contains(&b'"') => return None,
            Quotes::Literal => match cell.trim_ascii() {
                [b'"', inside @ .., b'"'] => self.push_undoubled(inside),
                _ => self.cells.extend_from_slice(cell),
            },
            Quotes::None | Quotes::Strict | Quotes::Closing => self.cells.extend_from_slice(cell),
        }
        Some(n)
    }

    /// Takes a cell that is quoted by RFC 4180.
    fn take_strict(&mut self, rest: &[u8]) -> Option<usize> {
        let mut at = 1;
        loop {
            let n = rest[at..].iter().position(|byte| *byte == b'"')?;
            self.cells.extend_from_slice(&rest[at..at + n]);
            at += n + 1;
            match rest.get(at) {
                Some(b'"') => {
                    self.cells.push(b'"');
                    at += 1;
                }
                Some(byte) if *byte != self.separator => return None,
                Some(_) | None => return Some(at),
            }
        }
    }

    /// Takes a cell up to a quotation mark that a separator follows.
    fn take_closing(&mut self, rest: &[u8]) -> Option<usize> {
        let is_end = |at: &usize| rest[*at] == b'"' && rest.get(at + 1).is_none_or(|byte| *byte == self.separator);
        let end = (1..rest.len()).find(is_end)?;
        self.push_undoubled(&rest[1..end]);
        Some(end + 1)
    }

    fn push_undoubled(&mut self, inside: &[u8]) {
        let mut before_is_half = false;
        for byte in inside {
            let is_second = *byte == b'"' && before_is_half;
            before_is_half = *byte == b'"' && !is_second;
            if !is_second {
                self.cells.push(*byte);
            }
        }
    }

    fn has_empty_tail(&self) -> bool {
        self.n_cells() > self.n_headers
            && (self.n_headers..self.n_cells()).all(|index| self.cell(index).trim_ascii().is_empty())
    }

    fn has_required(&self) -> bool {
        self.required.iter().all(|index| *index < self.n_cells())
    }
}

/// Whether cells of a row may be in wrong columns, because there were too many or too few.
pub(crate) fn is_shifted(repairs: &[Repair]) -> bool {
    repairs.iter().any(|repair| matches!(repair, Repair::Extra | Repair::Missing))
}

/// The message for a row with more or fewer cells than the header.
fn wrong_cells(n_found: usize, n_headers: usize) -> Message {
    Message::new("import-cells").with("found", n_found).with("expected", n_headers)
}

/// Decodes and trims a cell: as UTF-8 if it is valid, which Latin-1 letters beyond ASCII in a name never are, else as Latin-1.
pub(crate) fn text(bytes: &[u8]) -> String {
    let text = std::str::from_utf8(bytes).map_or_else(|_| encoding_rs::mem::decode_latin1(bytes), Cow::from);
    text.trim().to_owned()
}
