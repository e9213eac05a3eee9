//! A document is of the kind that the relay grants, whatever this device took it for when a link named it.

use super::relay::{answer, ask, reply, trouble};
use super::town::{TURF_DOC, Walker, knock, small_pack, walkers};
use crate::store::docs;
use crate::sync::absorb::absorb;
use crate::sync::ask::Plan;
use crate::sync::trouble::Trouble;
use automerge::transaction::Transactable;
use automerge::{ActorId, AutoCommit, ObjType, ROOT};
use porchlight_model::born::office_doc;
use porchlight_model::id::DocId;
use porchlight_model::versions::Versions;
use porchlight_model::visit::ResultCode;
use porchlight_model::wire::{Access, DocKind, DocReply, Grant, GrantList, SyncReply};
use serde_bytes::ByteBuf;

/// What a link handed out, beside a turf.
const LEDGER: DocId = DocId::from_bytes([0x1e; 16]);

fn kind(walker: &Walker, doc: DocId) -> Option<DocKind> {
    docs::get(walker.engine.conn(), doc).unwrap().map(|row| row.kind)
}

fn granted(grants: &[(DocId, DocKind)]) -> Option<GrantList> {
    let grants = grants.iter().map(|(doc, kind)| Grant { doc: *doc, kind: *kind, access: Access::Write }).collect();
    Some(GrantList { number: 7, grants, is_partial: false })
}

/// A request about no document, and its answer by a relay that knows all kinds.
fn nothing(walker: &mut Walker) -> (Plan, SyncReply) {
    let (mut plan, mut told) = (ask(walker), reply(walker, answer()));
    plan.ask.docs.clear();
    told.docs.clear();
    told.proto = Some(Versions::OURS.newest);
    (plan, told)
}

/// A document of another kind that has a map by a name that turf documents have, too.
fn ledger() -> ByteBuf {
    let mut document = AutoCommit::new().with_actor(ActorId::from([0x1e; 16]));
    let walkers = document.put_object(ROOT, "walkers", ObjType::Map).unwrap();
    document.put(&walkers, "1e1e1e1e-1e1e-1e1e-1e1e-1e1e1e1e1e1e", "Fay").unwrap();
    document.commit();
    ByteBuf::from(document.get_last_local_change().unwrap().raw_bytes().to_vec())
}

fn n_walkers(walker: &Walker) -> u32 {
    let sql = "SELECT count(*) FROM walker WHERE doc = ?1";
    walker.engine.conn().query_row(sql, [LEDGER.to_bytes()], |row| row.get(0)).unwrap()
}

#[test]
fn what_a_link_hands_out_beside_turf_is_not_taken_for_turf() {
    let mut ana = walkers(1, &small_pack()).remove(0);
    // As joining does, which learns no kinds.
    ana.engine.write("enrolled", |tx| tx.add_doc(LEDGER, DocKind::Turf, Access::Write, false)).unwrap();
    let campaign = ana.engine.member().unwrap().campaign_doc;
    let mut plan = ask(&mut ana);
    plan.ask.docs.retain(|asked| asked.doc == LEDGER);
    let told = DocReply { doc: LEDGER, changes: vec![ledger()], cursor: 1, ..answer() };
    let mut told = reply(&ana, told);
    let newer = DocKind::parse("ledger");
    told.grants = granted(&[(campaign, DocKind::Campaign), (TURF_DOC, DocKind::Turf), (LEDGER, newer)]);
    absorb(&mut ana.engine, &plan, told).unwrap();
    assert_eq!((kind(&ana, LEDGER), kind(&ana, TURF_DOC)), (Some(newer), Some(DocKind::Turf)));
    assert_eq!(ana.changes(LEDGER).len(), 1, "it is kept");
    assert_eq!(
        (n_walkers(&ana), ana.engine.rows_and_rebuild(LEDGER).unwrap().0.len()),
        (0, 0),
        "and nothing is read from it"
    );
}

#[test]
fn what_an_older_program_took_for_turf_is_corrected_with_its_rows() {
    let pack = small_pack();
    let mut ana = walkers(1, &pack).remove(0);
    ana.record(&knock(&[pack.doors[0].id], ResultCode::NotHome));
    let rows = ana.engine.rows_and_rebuild(TURF_DOC).unwrap().0;
    ana.engine
        .write("an older program", |tx| {
            crate::store::projections::clear(tx.conn(), TURF_DOC, DocKind::Turf)?;
            let row = docs::get(tx.conn(), TURF_DOC)?.unwrap();
            docs::put(tx.conn(), &docs::DocRow { kind: DocKind::parse("ledger"), ..row })
        })
        .unwrap();
    let campaign = ana.engine.member().unwrap().campaign_doc;
    let (plan, mut told) = nothing(&mut ana);
    told.grants = granted(&[(campaign, DocKind::Campaign), (TURF_DOC, DocKind::Turf)]);
    absorb(&mut ana.engine, &plan, told).unwrap();
    assert_eq!(kind(&ana, TURF_DOC), Some(DocKind::Turf));
    assert_eq!(ana.engine.rows_and_rebuild(TURF_DOC).unwrap().0, rows);
    assert_eq!(trouble(&ana), Trouble::None);
}

#[test]
fn an_office_document_that_is_granted_as_turf_is_kept_and_no_longer_sent() {
    let mut olga = walkers(1, &small_pack()).remove(0);
    olga.engine.write("office", |tx| tx.edit_office(|edit| edit.put("settings", "secret", 1))).unwrap();
    let office = office_doc(olga.engine.member().unwrap().identity.campaign);
    let campaign = olga.engine.member().unwrap().campaign_doc;
    let (plan, mut told) = nothing(&mut olga);
    // A captain made a turf document under this id at a relay that did not know better.
    told.grants = granted(&[(campaign, DocKind::Campaign), (TURF_DOC, DocKind::Turf), (office, DocKind::Turf)]);
    absorb(&mut olga.engine, &plan, told).unwrap();
    assert_eq!(kind(&olga, office), Some(DocKind::Office));
    let is_named = |olga: &mut Walker| ask(olga).ask.docs.iter().any(|asked| asked.doc == office);
    assert!(!is_named(&mut olga), "nothing of it is sent where canvassers may read it");
    let (plan, mut told) = nothing(&mut olga);
    told.grants = granted(&[(campaign, DocKind::Campaign), (TURF_DOC, DocKind::Turf), (office, DocKind::Office)]);
    absorb(&mut olga.engine, &plan, told).unwrap();
    assert!(is_named(&mut olga), "once it is granted as what it is");
}
