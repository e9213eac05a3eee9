//! Checks a change's columns before they are expanded: a run of 2^60 equal operations takes a dozen bytes. They also show whether a
//! change touches the document's root, whose entries are made at its birth and never again.
//!
//! The relay asks before it reads what a device pushes, a client before it reads what a relay or a file tells.
//!
//! Format: <https://automerge.org/automerge-binary-format-spec/>, "Change chunk" and "Column types".

use crate::wire::MAX_CHANGE_BYTES;

/// The maximum number of operations to which one change may expand: a run of equal ones takes a few bytes.
pub const MAX_OPS_PER_CHANGE: u64 = 20_000;

/// The maximum size of text to which one change may expand, in bytes: a run of equal keys is written once.
pub const MAX_TEXT_PER_CHANGE: u64 = 1024 * 1024;

/// The first bytes of every chunk.
const MAGIC: [u8; 4] = [0x85, 0x6f, 0x4a, 0x83];

/// The chunk type of a plain change; 0 is a whole document, 2 a compressed change.
const PLAIN_CHANGE: u8 = 1;

/// The most columns of a change; the format defines fewer than 20.
const MAX_COLUMNS: u64 = 64;

/// The columns that tell each operation's object: its actor and its counter, which is absent, or 0, for the root.
const OBJECT_ACTOR: u64 = 0x01;
const OBJECT_COUNTER: u64 = 0x02;

/// The column that has a value for each operation.
const ACTION: u64 = 0x42;

/// Whether `bytes` are laid out as one plain change chunk of at most [`MAX_CHANGE_BYTES`] in which no column stands for more than
/// [`MAX_OPS_PER_CHANGE`] values or more than [`MAX_TEXT_PER_CHANGE`]. Its checksum and its operations are for Automerge to judge.
#[must_use]
pub fn is_bounded_change(bytes: &[u8]) -> bool {
    bytes.len() <= MAX_CHANGE_BYTES && check(bytes).is_some()
}

/// Whether a change puts, makes or deletes entries of its document's root. Said of whatever is not laid out as a bounded change, too.
#[must_use]
pub fn touches_root(bytes: &[u8]) -> bool {
    check(bytes).is_none_or(|shape| shape.touches_root())
}

/// What the columns say of a change.
#[derive(Default)]
struct Shape {
    n_ops: u64,
    has_actors: bool,
    n_objects: u64,
    has_odd_columns: bool,
}

impl Shape {
    /// An operation is on the root unless the columns name an object for it. Columns that no program of ours writes are not trusted.
    const fn touches_root(&self) -> bool {
        self.n_ops > 0 && (self.has_odd_columns || !self.has_actors || self.n_objects != self.n_ops)
    }

    fn add(&mut self, spec: u64, column: &Column, is_empty: bool) {
        match spec {
            ACTION => self.n_ops = column.n_values,
            OBJECT_ACTOR => self.has_actors = !is_empty,
            OBJECT_COUNTER => {
                self.n_objects = column.n_values;
                self.has_odd_columns |= column.has_nothing;
            }
            _ => {}
        }
    }
}

fn check(bytes: &[u8]) -> Option<Shape> {
    let mut chunk = Cursor { rest: bytes };
    if chunk.take(4)? != MAGIC {
        return None;
    }
    chunk.take(4)?;
    if chunk.take(1)? != [PLAIN_CHANGE] {
        return None;
    }
    let n_bytes = chunk.unsigned()?;
    if n_bytes != chunk.rest.len() as u64 {
        return None;
    }
    let n_deps = chunk.unsigned()?;
    chunk.take_u64(n_deps.checked_mul(32)?)?;
    chunk.take_prefixed()?; // actor
    chunk.unsigned()?; // seq
    chunk.unsigned()?; // first operation
    chunk.signed()?; // time
    chunk.take_prefixed()?; // message
    for _ in 0..chunk.unsigned()? {
        chunk.take_prefixed()?; // another actor
    }
    let n_columns = chunk.unsigned()?;
    if n_columns > MAX_COLUMNS {
        return None;
    }
    let mut columns = Vec::new();
    for _ in 0..n_columns {
        columns.push((chunk.unsigned()?, chunk.unsigned()?));
    }
    let mut shape = Shape { has_odd_columns: !columns.is_sorted_by(|one, next| one.0 < next.0), ..Shape::default() };
    for (spec, len) in columns {
        let column = read_column(spec & 0b111, Cursor { rest: chunk.take_u64(len)? })?;
        if spec & 0b1000 != 0 || column.n_values > MAX_OPS_PER_CHANGE {
            return None;
        }
        shape.add(spec, &column, len == 0);
    }
    Some(shape)
}

/// What a column's runs stand for.
struct Column {
    n_values: u64,
    /// Whether some of the values are none, or 0.
    has_nothing: bool,
}

/// Counts what a column's runs stand for; `None` where it is malformed or stands for too much text.
fn read_column(kind: u64, mut column: Cursor<'_>) -> Option<Column> {
    let (mut n_values, mut n_text, mut has_nothing) = (0u64, 0u64, false);
    while !column.rest.is_empty() && n_values <= MAX_OPS_PER_CHANGE {
        match kind {
            // Booleans: lengths of alternating runs.
            4 => n_values = n_values.checked_add(column.unsigned()?)?,
            // The bytes of values: as many as are there.
            7 => return Some(Column { n_values: 0, has_nothing }),
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
    Some(Column { n_values, has_nothing })
}

struct Cursor<'a> {
    rest: &'a [u8],
}

impl<'a> Cursor<'a> {
    fn take(&mut self, n: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(n)?;
        self.rest = rest;
        Some(taken)
    }

    fn take_u64(&mut self, n: u64) -> Option<&'a [u8]> {
        self.take(usize::try_from(n).ok()?)
    }

    fn take_prefixed(&mut self) -> Option<&'a [u8]> {
        let n = self.unsigned()?;
        self.take_u64(n)
    }

    fn unsigned(&mut self) -> Option<u64> {
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

    fn signed(&mut self) -> Option<i64> {
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
