//! Reads the columns of a change: runs of values, which are counted before anything is expanded.

use super::{MAX_OPS_PER_CHANGE, MAX_TEXT_PER_CHANGE};

/// What a column's runs stand for.
pub(super) struct Column {
    pub(super) n_values: u64,
    /// The bytes of text to which they unfold.
    pub(super) n_text: u64,
    /// Whether some of the values are none, or 0.
    pub(super) has_nothing: bool,
}

/// Counts what a column's runs stand for; `None` where it is malformed or stands for too much text.
pub(super) fn read_column(kind: u64, mut column: Cursor<'_>) -> Option<Column> {
    let (mut n_values, mut n_text, mut has_nothing) = (0u64, 0u64, false);
    while !column.rest.is_empty() && n_values <= MAX_OPS_PER_CHANGE {
        match kind {
            // Booleans: lengths of alternating runs.
            4 => n_values = n_values.checked_add(column.unsigned()?)?,
            // The bytes of values: as many as are there.
            7 => return Some(Column { n_values: 0, n_text, has_nothing }),
            _ => {
                let run = column.signed()?;
                if run == 0 {
                    has_nothing = true;
                    n_values = n_values.checked_add(column.unsigned()?)?;
                    continue;
                }
                let (n_written, n_each) = if run > 0 { (1, run.unsigned_abs()) } else { (run.unsigned_abs(), 1) };
                n_values = n_values.checked_add(run.unsigned_abs())?;
                for _ in 0..n_written.min(MAX_OPS_PER_CHANGE + 1) {
                    match kind {
                        3 => drop(column.signed()?),
                        5 => {
                            let n_bytes = column.take_prefixed()?.len() as u64;
                            n_text = n_text.checked_add(n_bytes.checked_mul(n_each)?)?;
                            if n_text > MAX_TEXT_PER_CHANGE {
                                return None;
                            }
                        }
                        _ => has_nothing |= column.unsigned()? == 0,
                    }
                }
            }
        }
    }
    Some(Column { n_values, n_text, has_nothing })
}

/// Bytes that are read from their beginning.
#[derive(Clone, Copy, Default)]
pub(super) struct Cursor<'a> {
    pub(super) rest: &'a [u8],
}

impl<'a> Cursor<'a> {
    pub(super) fn take(&mut self, n: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(n)?;
        self.rest = rest;
        Some(taken)
    }

    pub(super) fn take_u64(&mut self, n: u64) -> Option<&'a [u8]> {
        self.take(usize::try_from(n).ok()?)
    }

    pub(super) fn take_prefixed(&mut self) -> Option<&'a [u8]> {
        let n = self.unsigned()?;
        self.take_u64(n)
    }

    pub(super) fn unsigned(&mut self) -> Option<u64> {
        let mut value = 0u64;
        for shift in (0..64).step_by(7) {
            let [byte] = *self.take(1)? else { return None };
            let bits = u64::from(byte & 0x7f);
            if shift == 63 && bits > 1 {
                return None;
            }
            value |= bits << shift;
            if byte & 0x80 == 0 {
                return Some(value);
            }
        }
        None
    }

    pub(super) fn signed(&mut self) -> Option<i64> {
        let mut value = 0i64;
        for shift in (0..64).step_by(7) {
            let [byte] = *self.take(1)? else { return None };
            value |= i64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                let is_negative = byte & 0x40 != 0 && shift + 7 < 64;
                return Some(if is_negative { value | (-1i64 << (shift + 7)) } else { value });
            }
        }
        None
    }
}

/// The values of a column of unsigned numbers, one for each operation: `None` for one that has none, and nothing after the last.
#[derive(Clone, Copy, Default)]
pub(super) struct Numbers<'a> {
    column: Cursor<'a>,
    /// How many values are left of this run.
    n_left: u64,
    run: Run,
}

/// What the values of a run are.
#[derive(Clone, Copy, Default)]
enum Run {
    #[default]
    Nothing,
    Same(u64),
    Written,
}

impl<'a> Numbers<'a> {
    pub(super) fn of(bytes: &'a [u8]) -> Self {
        Self { column: Cursor { rest: bytes }, ..Self::default() }
    }

    fn begin_run(&mut self) -> Option<()> {
        let length = self.column.signed()?;
        (self.n_left, self.run) = match length {
            0 => (self.column.unsigned()?, Run::Nothing),
            1.. => (length.unsigned_abs(), Run::Same(self.column.unsigned()?)),
            _ => (length.unsigned_abs(), Run::Written),
        };
        Some(())
    }
}

impl Iterator for Numbers<'_> {
    type Item = Option<u64>;

    fn next(&mut self) -> Option<Option<u64>> {
        while self.n_left == 0 {
            self.begin_run()?;
        }
        self.n_left -= 1;
        Some(match self.run {
            Run::Nothing => None,
            Run::Same(value) => Some(value),
            Run::Written => Some(self.column.unsigned()?),
        })
    }
}
