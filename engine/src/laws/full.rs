//! A full disk: what was recorded stays, what was not recorded is reported, and recording works again once there is space.

use super::relay::{answer, ask, reply, trouble};
use super::town::{TURF_DOC, Walker, knock, small_pack, walkers};
use crate::error::EngineError;
use crate::sync::absorb::absorb;
use crate::sync::status::{Seen, view};
use crate::visit::record;
use porchlight_model::calls::Topic;
use porchlight_model::calls::sync::SyncPhase;
use porchlight_model::id::DoorId;
use porchlight_model::message::ApiError;
use porchlight_model::visit::ResultCode;
use porchlight_model::wire::DocReply;
use serde_bytes::ByteBuf;

/// The displayed phase of sync.
fn phase(ana: &Walker) -> SyncPhase {
    view(&ana.engine, Seen { phase: SyncPhase::Idle, trouble: None }).unwrap().phase
}

/// Limits the database to `n` pages, and returns the number that it has.
fn limit_pages(engine: &crate::Engine, n: Option<u32>) -> u32 {
    let n = n.unwrap_or(u32::MAX - 1);
    engine.conn().query_row(&format!("PRAGMA max_page_count = {n}"), [], |_| Ok(())).unwrap();
    engine.conn().query_row("PRAGMA page_count", [], |row| row.get(0)).unwrap()
}

#[test]
fn a_full_disk_is_told_and_loses_nothing() {
    let pack = small_pack();
    let mut ana = walkers(1, &pack).remove(0);
    let door = pack.doors[0].id;
    ana.record(&knock(&[door], ResultCode::NotHome));
    let n_pages = limit_pages(&ana.engine, None);
    limit_pages(&ana.engine, Some(n_pages));
    let mut n_recorded = 1;
    let error = loop {
        // Another attempt, not a tap that came twice.
        ana.pass_ms(3000);
        match record::record(&mut ana.engine, &knock(&[door], ResultCode::NotHome)) {
            Ok(_) => n_recorded += 1,
            Err(error) => break error,
        }
        assert!(n_recorded < 10_000, "the disk never fills");
    };
    assert!(matches!(error, EngineError::StorageFull), "{error:?}");
    assert_eq!(ApiError::from(error).message.id, "error-storage-full");

    let before = ana.changes(TURF_DOC).len();
    ana.restart();
    assert_eq!(ana.changes(TURF_DOC).len(), before);
    let (rows, rebuilt) = ana.engine.rows_and_rebuild(TURF_DOC).unwrap();
    assert_eq!(rows, rebuilt);
    // There is space again: the same tap is recorded.
    ana.pass_ms(3000);
    ana.record(&knock(&[door], ResultCode::NotHome));
    assert_eq!(ana.changes(TURF_DOC).len(), before + 1);
}

/// Fills the disk with visits until there is no space for another.
fn fill(ana: &mut Walker, door: DoorId) {
    let n_pages = limit_pages(&ana.engine, None);
    limit_pages(&ana.engine, Some(n_pages));
    for _ in 0..10_000 {
        // Another attempt, not a tap that came twice.
        ana.pass_ms(3000);
        if record::record(&mut ana.engine, &knock(&[door], ResultCode::NotHome)).is_err() {
            return;
        }
    }
    panic!("the disk never fills");
}

#[test]
fn a_disk_without_room_is_told_until_there_is_room_again() {
    let pack = small_pack();
    let mut ana = walkers(1, &pack).remove(0);
    assert_eq!(phase(&ana), SyncPhase::Idle);
    fill(&mut ana, pack.doors[0].id);
    assert_eq!(phase(&ana), SyncPhase::NoRoom);
    ana.engine.take_topics();
    ana.engine.look_for_room();
    assert_eq!(phase(&ana), SyncPhase::NoRoom, "there is none yet");
    limit_pages(&ana.engine, None);
    ana.engine.look_for_room();
    assert_eq!(phase(&ana), SyncPhase::Idle, "nobody had to record for it");
    assert!(ana.engine.take_topics().contains(&Topic::Sync), "who shows it is told");

    fill(&mut ana, pack.doors[0].id);
    limit_pages(&ana.engine, None);
    ana.pass_ms(3000);
    ana.record(&knock(&[pack.doors[0].id], ResultCode::NotHome));
    assert_eq!(phase(&ana), SyncPhase::Idle, "recording again tells it, too");
}

#[test]
fn what_comes_and_finds_no_room_is_no_fault_of_the_document_and_comes_again() {
    let pack = small_pack();
    let mut both = walkers(2, &pack);
    both[1].record(&knock(&[pack.doors[1].id], ResultCode::NotHome));
    for _ in 0..200 {
        both[1].pass_ms(3000);
        both[1].record(&knock(&[pack.doors[1].id], ResultCode::NotHome));
    }
    let changes: Vec<ByteBuf> = both[1].changes(TURF_DOC).into_iter().map(ByteBuf::from).collect();
    let ana = &mut both[0];
    fill(ana, pack.doors[0].id);
    let plan = ask(ana);
    let told = || DocReply { changes: changes.clone(), cursor: 300, ..answer() };
    let reply = reply(ana, told());
    let error = absorb(&mut ana.engine, &plan, reply.clone()).unwrap_err();
    assert!(error.is_no_room(), "{error:?}");
    assert_eq!(phase(ana), SyncPhase::NoRoom);
    ana.engine.look_for_room();
    assert_eq!(phase(ana), SyncPhase::NoRoom, "a little room is not enough for what comes");
    limit_pages(&ana.engine, None);
    absorb(&mut ana.engine, &plan, reply).unwrap();
    assert_eq!(phase(ana), SyncPhase::Idle);
    assert!(!trouble(ana).is_quarantine(), "{:?}", trouble(ana));
}
