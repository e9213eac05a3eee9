//! Reading pushed changes: what is taken, and that no bytes whatever break the reader.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use super::{NoChange, read};
use automerge::transaction::Transactable;
use automerge::{AutoCommit, ObjType, ROOT};
use porchlight_model::id::Sha256;
use sha2::Digest;

/// Changes of every shape that clients make: maps, lists, text, counters, deletions, several actors.
fn changes() -> Vec<Vec<u8>> {
    let mut ana = AutoCommit::new();
    let visits = ana.put_object(ROOT, "visits", ObjType::Map).unwrap();
    let note = ana.put_object(ROOT, "note", ObjType::Text).unwrap();
    let list = ana.put_object(ROOT, "list", ObjType::List).unwrap();
    ana.commit();
    let mut ben = ana.fork();
    for (n, doc) in [&mut ana, &mut ben].into_iter().enumerate() {
        doc.put(&visits, "door 7", i64::try_from(n).unwrap()).unwrap();
        doc.splice_text(&note, 0, 0, "A dog, and a bell that does not ring").unwrap();
        doc.insert(&list, 0, automerge::ScalarValue::Counter(1.into())).unwrap();
        doc.insert(&list, 1, vec![1u8, 2, 3]).unwrap();
        doc.commit();
    }
    ana.merge(&mut ben).unwrap();
    ana.delete(&visits, "door 7").unwrap();
    ana.increment(&list, 0, 5).unwrap();
    ana.commit();
    ana.get_changes(&[]).iter().map(|change| change.raw_bytes().to_vec()).collect()
}

#[test]
fn what_automerge_writes_is_read_with_its_own_names() {
    let mut doc = AutoCommit::new();
    doc.put(ROOT, "a", 1).unwrap();
    doc.commit();
    doc.put(ROOT, "a", 2).unwrap();
    doc.commit();
    for change in doc.get_changes(&[]) {
        let read = read(change.raw_bytes().to_vec()).unwrap();
        assert_eq!(read.hash.0, change.hash().0);
        assert_eq!(read.actor, change.actor_id().to_bytes());
        assert_eq!(read.seq.cast_unsigned(), change.seq());
        assert_eq!(read.deps, change.deps().iter().map(|dep| Sha256(dep.0)).collect::<Vec<_>>());
        assert_eq!(read.bytes, change.raw_bytes());
    }
    assert!(changes().into_iter().all(|bytes| read(bytes).is_ok()));
}

#[test]
fn a_change_cut_or_altered_anywhere_is_none() {
    for bytes in changes() {
        for at in 0..bytes.len() {
            let cut = bytes[..at].to_vec();
            assert_eq!(read(cut.clone()), Err(NoChange { hash: Sha256(sha2::Sha256::digest(&cut).into()) }));
            for flip in [0x01, 0x40, 0x80, 0xff] {
                let mut altered = bytes.clone();
                altered[at] ^= flip;
                assert!(read(altered).is_err(), "byte {at}");
            }
        }
    }
}

#[test]
fn altered_changes_with_a_right_checksum_do_not_break_the_reader() {
    for bytes in changes() {
        for at in 10..bytes.len() {
            for flip in [0x01, 0x02, 0x10, 0x40, 0x7f, 0x80, 0xff] {
                let mut altered = bytes.clone();
                altered[at] ^= flip;
                let checksum = sha2::Sha256::digest(&altered[8..]);
                altered[4..8].copy_from_slice(&checksum[..4]);
                // Taken or not, it ends, soon, and without a panic that reaches anyone.
                drop(read(altered));
            }
        }
    }
}
