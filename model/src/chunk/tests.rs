//! The cost of changes that are laid out by hand, column by column.

use super::{MAX_OPS_PER_CHANGE, cost};
use crate::budget::{BYTES_PER_OP, Cost, MAX_MAPS};

fn unsigned(mut value: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    loop {
        let low = u8::try_from(value & 0x7f).unwrap_or_default();
        value >>= 7;
        bytes.push(if value == 0 { low } else { low | 0x80 });
        if value == 0 {
            return bytes;
        }
    }
}

/// A run of `n` equal numbers; the length is a signed number.
fn run(n: u64, value: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut left = n;
    while left >= 64 {
        bytes.push(u8::try_from(left & 0x7f).unwrap_or_default() | 0x80);
        left >>= 7;
    }
    bytes.push(u8::try_from(left).unwrap_or_default());
    bytes.extend(unsigned(value));
    bytes
}

/// A change by the document's first other actor, whose first operation has the number 100.
fn change(columns: &[(u64, Vec<u8>)]) -> Vec<u8> {
    let mut body = vec![0, 1, 0xaa, 1];
    body.extend(unsigned(100));
    body.extend([0, 0, 0]);
    body.extend(unsigned(columns.len() as u64));
    for (spec, bytes) in columns {
        body.extend(unsigned(*spec));
        body.extend(unsigned(bytes.len() as u64));
    }
    columns.iter().for_each(|(_, bytes)| body.extend(bytes));
    let mut chunk = vec![0x85, 0x6f, 0x4a, 0x83, 0, 0, 0, 0, 1];
    chunk.extend(unsigned(body.len() as u64));
    chunk.extend(body);
    chunk
}

/// `n` operations with this action on one object, of this actor and number, each of which replaces so many.
fn ops(n: u64, action: u64, object: (u64, u64), n_replaced: u64) -> Vec<u8> {
    change(&[(0x01, run(n, object.0)), (0x02, run(n, object.1)), (0x42, run(n, action)), (0x70, run(n, n_replaced))])
}

const MAKE: u64 = 0;
const SET: u64 = 1;

#[test]
fn a_run_of_operations_costs_what_it_stands_for() {
    for n in [1, 63, 64, 5_000, MAX_OPS_PER_CHANGE] {
        let bytes = ops(n, SET, (1, 2), 0);
        assert!(bytes.len() < 60, "{} bytes", bytes.len());
        assert_eq!(cost(&bytes), Some(Cost { n_ops: n, ..Cost::default() }));
    }
    assert_eq!(cost(&ops(MAX_OPS_PER_CHANGE + 1, SET, (1, 2), 0)), None);
    assert_eq!(cost(b"no change"), None);
}

#[test]
fn text_that_keys_unfold_to_counts_too() {
    let key = |n: u64| [run(n, 64), vec![b'k'; 64]].concat();
    let bytes = change(&[(0x01, run(10, 1)), (0x02, run(10, 2)), (0x15, key(10)), (0x42, run(10, SET))]);
    assert_eq!(cost(&bytes).map(|cost| cost.n_ops), Some(10 + 10 * 64 / BYTES_PER_OP));
}

#[test]
fn what_is_made_in_an_entry_nests_too_deep() {
    let check = |is_deep: bool, bytes: Vec<u8>| assert_eq!(cost(&bytes).map(|cost| cost.is_deep), Some(is_deep));
    check(false, ops(1, MAKE, (1, MAX_MAPS), 0));
    check(true, ops(1, MAKE, (0, MAX_MAPS + 1), 0));
    check(false, ops(1, SET, (0, MAX_MAPS + 1), 0));
}

#[test]
fn a_change_writes_into_entries_that_it_makes_itself() {
    let check = |edits: bool, bytes: Vec<u8>| assert_eq!(cost(&bytes).map(|cost| cost.edits_entry), Some(edits));
    check(false, ops(3, SET, (0, 100), 0));
    check(true, ops(3, SET, (0, 99), 0));
    check(true, ops(3, SET, (1, 100), 0));
    check(true, ops(3, SET, (0, 100), 1));
    check(false, ops(3, SET, (1, 2), 1));
    assert_eq!(cost(&ops(3, SET, (0, 100), 0)).map(|cost| cost.n_in_entry), Some(3));
}

#[test]
fn what_replaces_something_names_the_maps_in_which_it_does() {
    assert_eq!(cost(&ops(2, SET, (1, 3), 0)).map(|cost| cost.replaces), Some(0));
    assert_eq!(cost(&ops(2, SET, (1, 3), 1)).map(|cost| cost.replaces), Some(1 << 3));
    assert_eq!(cost(&ops(2, 3, (1, MAX_MAPS), 1)).map(|cost| cost.replaces), Some(1 << MAX_MAPS));
}
