//! Changes that are cheap to send and ruinous to apply: their cost is counted before, and the document is quarantined unharmed.

use super::insider::by_hand;
use super::relay::{answer, ask, reply, trouble};
use super::town::{CAMPAIGN, TURF_DOC, Walker, knock, small_pack, walkers};
use crate::doc::weigh::{cost_of, weigh};
use crate::doc::{campaign_map, turf_map};
use crate::error::EngineError;
use crate::store::{changes, costs, settings};
use crate::sync::absorb::absorb;
use crate::sync::trouble::Trouble;
use automerge::transaction::Transactable;
use automerge::{ActorId, AutoCommit, Change, ROOT, ReadDoc};
use porchlight_model::budget::{BYTES_PER_OP, Budget, MAX_MAPS};
use porchlight_model::time::At;
use porchlight_model::visit::ResultCode;
use porchlight_model::wire::{DocKind, DocReply, MAX_CHANGE_BYTES};
use serde_bytes::ByteBuf;

/// A change that puts one key so often that it costs this: a hundred bytes whatever that is.
fn that_costs(document: &mut AutoCommit, n_ops: u64) -> Change {
    let walkers = document.get(ROOT, "walkers").unwrap().unwrap().1;
    document.put(&walkers, "k", true).unwrap();
    document.commit();
    let mut change = document.get_last_local_change().unwrap().decode();
    // Its key is a byte of text for each operation.
    let n_puts = (n_ops * BYTES_PER_OP).div_ceil(BYTES_PER_OP + 1);
    change.operations = vec![change.operations[0].clone(); usize::try_from(n_puts).unwrap()];
    let change = Change::from(change);
    assert_eq!(cost_of(&change).n_ops, n_ops);
    assert!(change.raw_bytes().len() < 300, "{} bytes", change.raw_bytes().len());
    change
}

fn document_of(walker: &Walker) -> AutoCommit {
    let mut document = AutoCommit::new();
    let known = walker.changes(TURF_DOC).into_iter().map(|bytes| Change::from_bytes(bytes).unwrap());
    document.apply_changes(known).unwrap();
    document.with_actor(ActorId::from([0xe1; 16]))
}

/// A turf document's cost after a walker's own acts.
fn cost(walker: &Walker) -> u64 {
    costs::of(walker.engine.conn(), TURF_DOC).unwrap()
}

#[test]
fn a_change_just_within_its_budget_is_merged_and_one_above_it_never() {
    let pack = small_pack();
    for (n, is_merged) in [(Budget::TURF.ops_per_change, true), (Budget::TURF.ops_per_change + 1, false)] {
        let mut ana = walkers(1, &pack).remove(0);
        let change = that_costs(&mut document_of(&ana), n);
        let plan = ask(&mut ana);
        let news = vec![ByteBuf::from(change.raw_bytes().to_vec())];
        let told = reply(&ana, DocReply { changes: news, cursor: 9, ..answer() });
        let before = ana.changes(TURF_DOC);
        absorb(&mut ana.engine, &plan, told).unwrap();
        assert_eq!(ana.changes(TURF_DOC).len(), before.len() + usize::from(is_merged), "{n}");
        assert_eq!(trouble(&ana) == Trouble::Costly, !is_merged, "{n}");
        // Either way what was recorded is there, and recording goes on, after a restart as well.
        ana.restart();
        ana.record(&knock(&[pack.doors[0].id], ResultCode::NotHome));
        let is_named = ask(&mut ana).ask.docs.iter().any(|asked| asked.doc == TURF_DOC);
        assert_eq!(is_named, is_merged, "a document that costs too much is not asked for again");
    }
}

#[test]
fn a_document_is_filled_to_its_budget_and_no_further() {
    let pack = small_pack();
    let ana = walkers(1, &pack).remove(0);
    let left = Budget::TURF.ops_on_a_device() - cost(&ana);
    let n_each = Budget::TURF.ops_per_change;
    let mut document = document_of(&ana);
    let big = that_costs(&mut document, n_each);
    let conn = ana.engine.conn();
    let check = |n_spent: u64, is_taken: bool| {
        conn.execute("UPDATE doc_cost SET n_ops = ?1", [n_spent.cast_signed()]).unwrap();
        let weighed = weigh(conn, TURF_DOC, DocKind::Turf, std::slice::from_ref(&big));
        assert_eq!(weighed.is_ok(), is_taken, "{weighed:?}");
    };
    let most = left + cost(&ana) - n_each;
    check(most, true);
    check(most + 1, false);
}

#[test]
fn what_an_older_program_took_in_is_counted_once_and_never_loaded() {
    let pack = small_pack();
    let mut ana = walkers(1, &pack).remove(0);
    ana.record(&knock(&[pack.doors[0].id], ResultCode::NotHome));
    let rows = |ana: &Walker| -> i64 {
        ana.engine.conn().query_row("SELECT count(*) FROM visit", [], |row| row.get(0)).unwrap()
    };
    let mut document = document_of(&ana);
    let mut stored: u64 = 0;
    ana.engine
        .write("an older program", |tx| {
            let mut change = that_costs(&mut document, 20_000).decode();
            while stored <= Budget::TURF.ops_on_a_device() {
                stored += 20_000;
                change.seq += 1;
                changes::insert(tx.conn(), TURF_DOC, &Change::from(change.clone()), false, At(1))?;
            }
            settings::remove(tx.conn(), "costs")
        })
        .unwrap();
    ana.restart();
    assert_eq!(trouble(&ana), Trouble::Costly);
    assert!(cost(&ana) > Budget::TURF.ops_on_a_device());
    assert!(matches!(ana.engine.document(TURF_DOC), Err(EngineError::TooCostly)));
    assert_eq!(rows(&ana), 1, "what was derived before is shown");
    assert!(ana.engine.document(CAMPAIGN).is_ok());
}

#[test]
fn nesting_and_wide_entries_are_over_the_budget_and_what_programs_write_is_not() {
    let pack = small_pack();
    let mut ana = walkers(1, &pack).remove(0);
    let deep = by_hand(&ana, TURF_DOC, |document| {
        let visits = document.get(ROOT, "visits").unwrap().unwrap().1;
        let visit = document.put_object(&visits, "v", automerge::ObjType::Map).unwrap();
        document.put_object(&visit, "deeper", automerge::ObjType::Map).unwrap();
    });
    let wide = |n: u64| {
        by_hand(&ana, TURF_DOC, |document| {
            let visits = document.get(ROOT, "visits").unwrap().unwrap().1;
            let visit = document.put_object(&visits, "v", automerge::ObjType::Map).unwrap();
            (0..n).for_each(|n| document.put(&visit, format!("{n}"), 1).unwrap());
        })
    };
    let turf = Budget::TURF;
    assert!(turf.is_over(&cost_of(&deep)));
    assert!(!turf.is_over(&cost_of(&wide(turf.ops_per_entry))));
    assert!(turf.is_over(&cost_of(&wide(turf.ops_per_entry + 1))));

    for result in [ResultCode::NotHome, ResultCode::Moved, ResultCode::Canvassed] {
        ana.record(&knock(&pack.doors.iter().map(|door| door.id).collect::<Vec<_>>(), result));
    }
    ana.talk(&pack.voters[0], &[(super::town::SUPPORT, "yes")]);
    for doc in [TURF_DOC, CAMPAIGN] {
        let budget = Budget::of(if doc == TURF_DOC { DocKind::Turf } else { DocKind::Campaign });
        for bytes in ana.changes(doc) {
            let cost = porchlight_model::chunk::cost(&bytes).unwrap();
            assert!(!budget.is_over(&cost) && !budget.alters(&cost), "{cost:?}");
            // The claim on which the budget of one change stands, but for births, which are small.
            let is_dense = cost.n_ops * 10 > bytes.len() as u64 && cost.n_ops > 1_000;
            assert!(!is_dense, "{cost:?} in {} bytes", bytes.len());
        }
    }
    assert!(MAX_CHANGE_BYTES as u64 / 10 < Budget::TURF.ops_per_change);
    let n_maps = turf_map::ALL.len().max(campaign_map::ALL.len());
    assert_eq!(n_maps as u64, MAX_MAPS, "a birth's first operations");
}

#[test]
fn a_floor_of_a_thousand_doors_is_far_from_every_budget() {
    let (pack, units) = super::own::with_a_floor_of(1_000);
    let mut ana = walkers(1, &pack).remove(0);
    let before = cost(&ana);
    ana.record(&knock(&units, ResultCode::NotHome));
    let spent = cost(&ana) - before;
    assert!(spent * 10 < Budget::TURF.ops_per_device, "{spent}");
    assert!(spent < Budget::TURF.ops_per_push, "{spent}");
    for bytes in ana.changes(TURF_DOC) {
        let cost = porchlight_model::chunk::cost(&bytes).unwrap();
        assert!(cost.n_ops * 4 < Budget::TURF.ops_per_change, "{cost:?}");
    }
    // Counted as they are stored, and by a count from the beginning.
    let counted = ana.engine.write("count", |tx| costs::count(tx.conn(), TURF_DOC)).unwrap();
    assert_eq!(counted, before + spent);
}
