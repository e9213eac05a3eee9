//! Checks a change's columns before they are expanded: a run of 2^60 equal operations takes a dozen bytes. They also show whether a
//! change touches the document's root, whose entries are made at its birth and never again.
//!
//! The relay asks before it reads what a device pushes, a client before it reads what a relay or a file tells.
//!
//! Format: <https://automerge.org/automerge-binary-format-spec/>, "Change chunk" and "Column types".

mod columns;
#[cfg(test)]
mod tests;

use self::columns::{Column, Cursor, Numbers, read_column};
use crate::budget::{BYTES_PER_OP, Cost, MAX_MAPS};
use crate::wire::MAX_CHANGE_BYTES;
use std::collections::BTreeMap;

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

/// The column that has a value for each operation; those with even numbers make an object.
const ACTION: u64 = 0x42;

/// The column that tells how many earlier operations each one replaces.
const REPLACED: u64 = 0x70;

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

/// What a change costs to apply, and what it does to what others made, from its columns alone; `None` where it is no bounded change.
#[must_use]
pub fn cost(bytes: &[u8]) -> Option<Cost> {
    if bytes.len() > MAX_CHANGE_BYTES { None } else { check(bytes).map(|shape| shape.cost()) }
}

/// What the columns say of a change.
#[derive(Default)]
struct Shape<'a> {
    /// The number of its first operation in the document.
    first_op: u64,
    n_ops: u64,
    n_text: u64,
    has_actors: bool,
    n_objects: u64,
    has_odd_columns: bool,
    actions: Numbers<'a>,
    object_actors: Numbers<'a>,
    object_counters: Numbers<'a>,
    replaced: Numbers<'a>,
}

impl<'a> Shape<'a> {
    /// An operation is on the root unless the columns name an object for it. Columns that no program of ours writes are not trusted.
    const fn touches_root(&self) -> bool {
        self.n_ops > 0 && (self.has_odd_columns || !self.has_actors || self.n_objects != self.n_ops)
    }

    fn add(&mut self, spec: u64, bytes: &'a [u8], column: &Column) {
        self.n_text += column.n_text;
        match spec {
            ACTION => (self.n_ops, self.actions) = (column.n_values, Numbers::of(bytes)),
            OBJECT_ACTOR => (self.has_actors, self.object_actors) = (!bytes.is_empty(), Numbers::of(bytes)),
            OBJECT_COUNTER => {
                (self.n_objects, self.object_counters) = (column.n_values, Numbers::of(bytes));
                self.has_odd_columns |= column.has_nothing;
            }
            REPLACED => self.replaced = Numbers::of(bytes),
            _ => {}
        }
    }

    fn cost(&self) -> Cost {
        let mut cost = Cost { n_ops: self.n_ops + self.n_text / BYTES_PER_OP, ..Cost::default() };
        let mut in_entry: BTreeMap<(Option<u64>, u64), u64> = BTreeMap::new();
        let (mut actors, mut counters, mut replaced) = (self.object_actors, self.object_counters, self.replaced);
        for action in self.actions.take(usize::try_from(self.n_ops).unwrap_or(usize::MAX)) {
            let (actor, object) = (actors.next().flatten(), counters.next().flatten().unwrap_or_default());
            let n_replaced = replaced.next().flatten().unwrap_or_default();
            match object {
                0 => {}
                // The birth's first operations make the top-level maps.
                1..=MAX_MAPS => cost.replaces |= u32::from(n_replaced > 0) << object,
                _ => {
                    cost.is_deep |= action.is_some_and(|action| action % 2 == 0);
                    // A change's own actor is the first of those that it names.
                    cost.edits_entry |= actor != Some(0) || object < self.first_op || n_replaced > 0;
                    let n_written = in_entry.entry((actor, object)).or_default();
                    *n_written += 1;
                    cost.n_in_entry = cost.n_in_entry.max(*n_written);
                }
            }
        }
        cost
    }
}

fn check(bytes: &[u8]) -> Option<Shape<'_>> {
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
    let first_op = chunk.unsigned()?;
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
    let has_odd_columns = !columns.is_sorted_by(|one, next| one.0 < next.0);
    let mut shape = Shape { first_op, has_odd_columns, ..Shape::default() };
    for (spec, len) in columns {
        let bytes = chunk.take_u64(len)?;
        let column = read_column(spec & 0b111, Cursor { rest: bytes })?;
        if spec & 0b1000 != 0 || column.n_values > MAX_OPS_PER_CHANGE {
            return None;
        }
        shape.add(spec, bytes, &column);
    }
    Some(shape)
}
