//! Malformed changes by an insider's modified program, and those that an older relay accepted: every reader continues to work.

use super::town::{CAMPAIGN, TURF, TURF_DOC, Walker, knock, settle, small_pack, walkers};
use crate::store::{packs, turfs};
use crate::walk;
use automerge::transaction::Transactable;
use automerge::{ActorId, Author, AutoCommit, Change, ObjId, ObjType, ROOT, ReadDoc, ScalarValue};
use porchlight_model::calls::door::{HistoryKind, OpenDoor};
use porchlight_model::calls::visit::AddNote;
use porchlight_model::calls::walk::MyTurf;
use porchlight_model::id::{DocId, Sha256};
use porchlight_model::visit::{About, ResultCode};

/// A hand-made change on top of a device's document.
pub(super) fn by_hand(walker: &Walker, doc: DocId, act: impl FnOnce(&mut AutoCommit)) -> Change {
    made_by(walker, walker, ActorId::from([0xe1; 16]), doc, act)
}

/// A hand-made change of the campaign document by one of several programs of the device of `eve`, on top of what `reader` has.
pub(super) fn by_hand_as(reader: &Walker, eve: &Walker, program: [u8; 2], act: impl FnOnce(&mut AutoCommit)) -> Change {
    made_by(reader, eve, ActorId::from(program), CAMPAIGN, act)
}

/// A hand-made change in the name of one walker's device, on top of what another has.
pub(super) fn made_by(
    on: &Walker,
    by: &Walker,
    actor: ActorId,
    doc: DocId,
    act: impl FnOnce(&mut AutoCommit),
) -> Change {
    let mut document = AutoCommit::new();
    let known = on.changes(doc).into_iter().map(|bytes| Change::from_bytes(bytes).unwrap());
    document.apply_changes(known).unwrap();
    document.set_author(Some(Author::from(by.engine.member().unwrap().identity.device.to_bytes().to_vec())));
    document.set_actor(actor);
    act(&mut document);
    document.commit();
    document.get_last_local_change().unwrap()
}

fn map(document: &AutoCommit, name: &str) -> ObjId {
    document.get(ROOT, name).unwrap().unwrap().1
}

/// Applies a change that a relay of the previous version accepted.
fn is_told(walker: &mut Walker, doc: DocId, change: &Change) {
    walker.engine.write("told", |tx| tx.apply(doc, vec![change.clone()], 99).map(drop)).unwrap();
}

fn n_visits(walker: &Walker) -> i64 {
    let sql = "SELECT count(*) FROM visit WHERE doc = ?1";
    walker.engine.conn().query_row(sql, [TURF_DOC.to_bytes()], |row| row.get(0)).unwrap()
}

#[test]
fn a_turf_keeps_its_name_and_pack_whatever_is_written_into_its_document() {
    let pack = small_pack();
    let mut walkers = walkers(2, &pack);
    let named = packs::named(walkers[0].engine.conn()).unwrap();
    let other = Sha256([0x77; 32]);
    let swap = by_hand(&walkers[1], TURF_DOC, |document| {
        let about = map(document, "about");
        document.put(&about, "pack", ScalarValue::Bytes(other.0.to_vec())).unwrap();
        document.put(&about, "turf", ScalarValue::Bytes(vec![0x66; 16])).unwrap();
        document.put(&about, "name", "Somebody else's street").unwrap();
        document.put(&about, "minutes", 0).unwrap();
    });
    for walker in &mut walkers {
        is_told(walker, TURF_DOC, &swap);
        assert_eq!(packs::named(walker.engine.conn()).unwrap(), named);
        assert!(packs::wanted(walker.engine.conn()).unwrap().is_empty(), "nobody asks for the other pack");
        assert_eq!(packs::turf_of(walker.engine.conn(), TURF_DOC).unwrap(), Some(TURF));
        let cards = walk::cards::my_turf(&mut walker.engine, &MyTurf {}).unwrap();
        assert_eq!(cards.iter().map(|card| card.name.as_str()).collect::<Vec<_>>(), [pack.name.as_str()]);
        let (rows, rebuilt) = walker.engine.rows_and_rebuild(TURF_DOC).unwrap();
        assert_eq!(rows, rebuilt);
    }
}

#[test]
fn a_root_entry_that_is_replaced_or_deleted_empties_no_turf_and_stops_no_recording() {
    type Act = fn(&mut AutoCommit);
    let acts: [(&str, Act); 6] = [
        ("a map in its place", |document| drop(document.put_object(ROOT, "visits", ObjType::Map).unwrap())),
        ("a word in its place", |document| document.put(ROOT, "visits", "none").unwrap()),
        ("a list in its place", |document| drop(document.put_object(ROOT, "answers", ObjType::List).unwrap())),
        ("one deleted", |document| document.delete(ROOT, "visits").unwrap()),
        ("all deleted", |document| {
            for name in document.keys(ROOT).collect::<Vec<_>>() {
                document.delete(ROOT, name).unwrap();
            }
        }),
        ("another about", |document| {
            let about = document.put_object(ROOT, "about", ObjType::Map).unwrap();
            document.put(&about, "name", "Nowhere").unwrap();
        }),
    ];
    for (what, act) in acts {
        let pack = small_pack();
        let mut walkers = walkers(3, &pack);
        walkers[0].record(&knock(&[pack.doors[0].id], ResultCode::NotHome));
        settle(&mut walkers);
        let hostile = by_hand(&walkers[1], TURF_DOC, act);
        walkers.iter_mut().take(2).for_each(|walker| is_told(walker, TURF_DOC, &hostile));
        assert_eq!(n_visits(&walkers[0]), 1, "{what}");
        // Both continue, one of them after a restart; the third receives everything at once.
        walkers[1].restart();
        walkers[0].record(&knock(&[pack.doors[1].id], ResultCode::NotHome));
        walkers[1].record(&knock(&[pack.doors[2].id], ResultCode::Moved));
        settle(&mut walkers);
        for walker in &mut walkers {
            assert_eq!(n_visits(walker), 3, "{what}");
            let (rows, rebuilt) = walker.engine.rows_and_rebuild(TURF_DOC).unwrap();
            assert_eq!(rows, rebuilt, "{what}");
        }
    }
}

#[test]
fn the_campaigns_list_outlives_a_root_that_is_replaced() {
    let pack = small_pack();
    let mut walkers = walkers(2, &pack);
    let hostile = by_hand(&walkers[1], CAMPAIGN, |document| {
        document.delete(ROOT, "about").unwrap();
        document.put_object(ROOT, "turfs", ObjType::Map).unwrap();
        document.put(ROOT, "scripts", 0).unwrap();
    });
    is_told(&mut walkers[0], CAMPAIGN, &hostile);
    assert_eq!(turfs::all(walkers[0].engine.conn()).unwrap().len(), 1);
    let (rows, rebuilt) = walkers[0].engine.rows_and_rebuild(CAMPAIGN).unwrap();
    assert_eq!(rows, rebuilt);
}

#[test]
fn nobody_takes_back_what_another_noted() {
    let pack = small_pack();
    let mut walkers = walkers(2, &pack);
    let door = pack.doors[0].id;
    let noted = AddNote { about: About::Door(door), text: "Loose dog".to_owned() };
    crate::visit::note::note(&mut walkers[0].engine, &noted).unwrap();
    settle(&mut walkers);
    let eve = walkers[1].member;
    let removal = by_hand(&walkers[1], TURF_DOC, |document| {
        let notes = map(document, "notes");
        let note = document.keys(&notes).next().unwrap();
        let retracted = map(document, "retracted");
        let entry = document.put_object(&retracted, note, ObjType::Map).unwrap();
        document.put(&entry, "at", 1_000_i64).unwrap();
        document.put(&entry, "by", ScalarValue::Bytes(eve.to_bytes().to_vec())).unwrap();
    });
    for walker in &mut walkers {
        is_told(walker, TURF_DOC, &removal);
        let view = crate::door::open::open(&mut walker.engine, &OpenDoor { door }).unwrap();
        assert!(
            view.history.iter().any(|item| matches!(&item.what, HistoryKind::Note { text, .. } if text == "Loose dog"))
        );
        let (rows, rebuilt) = walker.engine.rows_and_rebuild(TURF_DOC).unwrap();
        assert_eq!(rows, rebuilt);
    }
}
