//! A program that is older than its relay is refused for a reason that it does not know.

use super::relay::{answer, ask, reply, trouble};
use super::town::{TURF_DOC, Walker, knock, small_pack, walkers};
use crate::store::{changes, projections, settings};
use crate::sync::absorb::{absorb, read_change};
use crate::sync::ask::Plan;
use crate::sync::status::{Seen, view};
use crate::sync::transport::read_reply;
use crate::sync::trouble::Trouble;
use porchlight_model::calls::sync::SyncPhase;
use porchlight_model::id::Sha256;
use porchlight_model::visit::ResultCode;
use porchlight_model::wire::{Acked, DocKind, DocReply, RejectReason, Rejected, SyncReply};

/// The encoded reply of a relay that refuses everything for a reason that this version does not know.
fn refusal(ana: &Walker, pushed: &[Sha256]) -> SyncReply {
    let rejected = pushed.iter().map(|hash| Rejected { hash: *hash, why: RejectReason::TooManyHeads }).collect();
    let mut bytes = Vec::new();
    ciborium::into_writer(&reply(ana, DocReply { rejected, ..answer() }), &mut bytes).unwrap();
    let (known, new) = (b"too_many_heads", b"moon_is_too_new");
    let at = bytes.windows(known.len()).position(|window| window == known).unwrap();
    // A CBOR text of up to 23 bytes has its length in the byte before it.
    assert_eq!(usize::from(bytes[at - 1]), 0x60 + known.len());
    bytes[at - 1] += 1;
    bytes.splice(at..at + known.len(), *new);
    read_reply(&bytes).unwrap()
}

fn asks_about_turf(mut plan: Plan) -> Plan {
    plan.ask.docs.retain(|asked| asked.doc == TURF_DOC);
    assert_eq!(plan.ask.docs.len(), 1);
    plan
}

fn held(ana: &Walker) -> Vec<Sha256> {
    let held = changes::held(ana.engine.conn(), TURF_DOC, 9).unwrap();
    held.into_iter().map(|change| Sha256(read_change(change.bytes).unwrap().hash().0)).collect()
}

#[test]
fn what_a_newer_relay_refuses_is_kept_and_taken_later_and_the_person_is_told_to_update() {
    let pack = small_pack();
    let mut ana = walkers(1, &pack).remove(0);
    ana.record(&knock(&[pack.doors[0].id], ResultCode::NotHome));
    let written = held(&ana);
    let plan = asks_about_turf(ask(&mut ana));
    let refusal = refusal(&ana, &written);
    assert_eq!(refusal.docs[0].rejected[0].why, RejectReason::parse("moon_is_too_new"));
    absorb(&mut ana.engine, &plan, refusal).unwrap();
    assert_eq!(trouble(&ana), Trouble::Outdated);
    assert_eq!(held(&ana), written, "it is still to be sent");
    let seen = || Seen { phase: SyncPhase::Idle, trouble: None };
    assert_eq!(view(&ana.engine, seen()).unwrap().trouble.unwrap().id, "sync-outdated");

    let turf_is_pushed =
        |plan: &Plan| plan.ask.docs.iter().any(|asked| asked.doc == TURF_DOC && !asked.push.is_empty());
    assert!(!turf_is_pushed(&ask(&mut ana)), "not again and again");
    ana.pass_ms(11 * 60 * 1000);
    let plan = asks_about_turf(ask(&mut ana));
    assert!(turf_is_pushed(&plan), "with the next audit it is offered again");
    let acked = written.iter().zip(1..).map(|(hash, n)| Acked { hash: *hash, n }).collect();
    let cursor = written.len() as u64;
    let taken = reply(&ana, DocReply { acked, cursor, ..answer() });
    absorb(&mut ana.engine, &plan, taken).unwrap();
    assert_eq!((trouble(&ana), held(&ana)), (Trouble::None, Vec::new()));
    assert_eq!(view(&ana.engine, seen()).unwrap().trouble, None);
}

#[test]
fn what_was_kept_of_a_kind_that_an_update_brings_is_shown_after_it() {
    let pack = small_pack();
    let mut ana = walkers(1, &pack).remove(0);
    ana.record(&knock(&[pack.doors[0].id], ResultCode::NotHome));
    let rows = |ana: &mut Walker| ana.engine.rows_and_rebuild(TURF_DOC).unwrap().0;
    let all = rows(&mut ana);
    assert!(!all.is_empty());
    // The state that a program leaves which does not know turf documents.
    ana.engine
        .write("an older program", |tx| {
            projections::clear(tx.conn(), TURF_DOC, DocKind::Turf)?;
            settings::put(tx.conn(), "kinds", &["campaign"])
        })
        .unwrap();
    assert!(rows(&mut ana).is_empty());
    ana.restart();
    assert_eq!(rows(&mut ana), all);
}
