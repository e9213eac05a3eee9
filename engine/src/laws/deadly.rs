//! A change that makes Automerge panic is quarantined: at once where a panic can be caught, else after two crashes.

use super::relay::{answer, ask, reply, trouble};
use super::town::{CAMPAIGN, TURF_DOC, Walker, knock, small_pack, walkers};
use crate::sync::absorb::absorb;
use crate::sync::ask::Plan;
use crate::sync::trouble::{Trouble, begin_merges, is_suspect, merged, note_death};
use automerge::transaction::Transactable;
use automerge::{ActorId, AutoCommit, ObjType, ROOT};
use porchlight_model::visit::ResultCode;
use porchlight_model::wire::{DocReply, SyncReply};
use serde_bytes::ByteBuf;
use sha2::{Digest, Sha256};

/// A change to a map that its document never created: written after one first change of an actor, then combined with another.
fn on_nothing() -> [Vec<u8>; 2] {
    let actor = ActorId::from([0xa1; 16]);
    let mut there = AutoCommit::new().with_actor(actor.clone());
    for n in 0..5 {
        there.put(ROOT, format!("filler {n}"), n).unwrap();
    }
    let map = there.put_object(ROOT, "map", ObjType::Map).unwrap();
    there.commit();
    let base = there.get_last_local_change().unwrap().hash();
    let mut other = there.fork().with_actor(ActorId::from([0xb2; 16]));
    other.put(&map, "key", 1).unwrap();
    other.commit();
    let mut change = other.get_last_local_change().unwrap().raw_bytes().to_vec();

    let mut here = AutoCommit::new().with_actor(actor);
    here.put(ROOT, "little", 1).unwrap();
    here.commit();
    let first = here.get_last_local_change().unwrap();
    let at = change.windows(32).position(|bytes| bytes == base.0).unwrap();
    change[at..at + 32].copy_from_slice(&first.hash().0);
    let checksum: [u8; 32] = Sha256::digest(&change[8..]).into();
    change[4..8].copy_from_slice(&checksum[..4]);
    [first.raw_bytes().to_vec(), change]
}

/// The reply of a relay that has accepted those changes.
fn told(ana: &Walker, changes: &[Vec<u8>]) -> SyncReply {
    let changes = changes.iter().cloned().map(ByteBuf::from).collect();
    reply(ana, DocReply { changes, cursor: 9, ..answer() })
}

/// A plan that asks only for the turf.
fn about_turf(mut plan: Plan) -> Plan {
    plan.ask.docs.retain(|asked| asked.doc == TURF_DOC);
    plan.ask.docs.iter_mut().for_each(|asked| asked.push.clear());
    plan
}

#[test]
fn a_change_on_nothing_is_an_error_and_the_turf_goes_on() {
    let pack = small_pack();
    let mut ana = walkers(1, &pack).remove(0);
    ana.record(&knock(&[pack.doors[0].id], ResultCode::NotHome));
    let before = ana.changes(TURF_DOC);
    let plan = about_turf(ask(&mut ana));
    let reply = told(&ana, &on_nothing());
    absorb(&mut ana.engine, &plan, reply).unwrap();
    assert!(trouble(&ana).is_quarantine(), "{:?}", trouble(&ana));
    assert_eq!(ana.changes(TURF_DOC), before, "nothing of it is kept");
    ana.record(&knock(&[pack.doors[1].id], ResultCode::NotHome));
    let (rows, rebuilt) = ana.engine.rows_and_rebuild(TURF_DOC).unwrap();
    assert_eq!(rows, rebuilt);
}

/// Begins a merge of the turf that never ends, as if the engine crashed, by its own fault or not.
fn die_merging(ana: &mut Walker, is_own_fault: bool) {
    assert!(begin_merges(&mut ana.engine, &[TURF_DOC]).unwrap());
    ana.restart();
    if is_own_fault {
        note_death(&mut ana.engine).unwrap();
    }
}

#[test]
fn a_document_that_ended_the_engine_twice_is_left_alone_and_the_others_go_on() {
    let pack = small_pack();
    let mut ana = walkers(1, &pack).remove(0);
    ana.record(&knock(&[pack.doors[0].id], ResultCode::NotHome));
    die_merging(&mut ana, true);
    die_merging(&mut ana, true);
    let plan = about_turf(ask(&mut ana));
    assert_eq!(plan.ask.docs.len(), 1);
    let reply = told(&ana, &on_nothing());
    absorb(&mut ana.engine, &plan, reply).unwrap();
    assert_eq!(trouble(&ana), Trouble::Deadly);
    let next = ask(&mut ana);
    assert!(next.ask.docs.iter().all(|asked| asked.doc != TURF_DOC), "it is not asked for any more");
    assert!(next.ask.docs.iter().any(|asked| asked.doc == CAMPAIGN));
    ana.record(&knock(&[pack.doors[1].id], ResultCode::NotHome));
}

#[test]
fn a_phone_that_is_closed_in_the_middle_of_merges_blames_no_document() {
    let pack = small_pack();
    let mut ana = walkers(1, &pack).remove(0);
    for n in 0..5 {
        die_merging(&mut ana, false);
        let [first, _] = on_nothing();
        let plan = about_turf(ask(&mut ana));
        let reply = told(&ana, &[first]);
        absorb(&mut ana.engine, &plan, reply).unwrap();
        assert!(!trouble(&ana).is_quarantine(), "{n}");
    }
}

#[test]
fn a_merge_that_ends_clears_the_document_of_an_earlier_death() {
    let pack = small_pack();
    let mut ana = walkers(1, &pack).remove(0);
    for n in 0..5 {
        die_merging(&mut ana, true);
        let [first, _] = on_nothing();
        let plan = about_turf(ask(&mut ana));
        let reply = told(&ana, &[first]);
        absorb(&mut ana.engine, &plan, reply).unwrap();
        assert!(!trouble(&ana).is_quarantine(), "{n}");
        note_death(&mut ana.engine).unwrap();
    }
}

#[test]
fn of_several_documents_that_were_merged_together_only_the_deadly_one_is_left_alone() {
    let pack = small_pack();
    let mut ana = walkers(1, &pack).remove(0);
    assert!(begin_merges(&mut ana.engine, &[CAMPAIGN, TURF_DOC]).unwrap());
    ana.restart();
    note_death(&mut ana.engine).unwrap();
    for doc in [CAMPAIGN, TURF_DOC] {
        assert!(is_suspect(&ana.engine, doc).unwrap(), "each comes alone from here on");
    }
    // The campaign's merge succeeds; the turf's crashes the engine again.
    assert!(begin_merges(&mut ana.engine, &[CAMPAIGN]).unwrap());
    ana.engine.write("law", |tx| merged(tx)).unwrap();
    die_merging(&mut ana, true);
    assert!(begin_merges(&mut ana.engine, &[CAMPAIGN]).unwrap());
    assert!(!begin_merges(&mut ana.engine, &[TURF_DOC]).unwrap());
    assert_eq!(trouble(&ana), Trouble::Deadly);
}

#[test]
fn one_document_of_an_answer_that_cannot_be_merged_keeps_no_other_from_coming_in() {
    let pack = small_pack();
    let mut both = walkers(2, &pack);
    both[0].engine.write("law", |tx| tx.edit(CAMPAIGN, |edit| edit.put("about", "name", "Renamed"))).unwrap();
    let news: Vec<ByteBuf> = both[0].changes(CAMPAIGN).into_iter().map(ByteBuf::from).collect();
    let ben = &mut both[1];
    let mut plan = ask(ben);
    plan.ask.docs.iter_mut().for_each(|asked| asked.push.clear());
    assert!(plan.ask.docs.len() >= 2, "{:?}", plan.ask.docs);
    let mut reply = told(ben, &on_nothing());
    reply.docs.push(DocReply { doc: CAMPAIGN, changes: news, cursor: 9, ..answer() });
    absorb(&mut ben.engine, &plan, reply).unwrap();
    assert!(trouble(ben).is_quarantine());
    assert_eq!(ben.changes(CAMPAIGN).len(), both[0].changes(CAMPAIGN).len());
}
