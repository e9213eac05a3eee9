//! Drafts keep what was typed or chosen until it is recorded.

use super::town::{self, SUPPORT, TURF, TURF_DOC, Walker, knock, small_pack, told, walkers};
use crate::store::{self, reference};
use crate::visit::draft;
use crate::walk::list;
use porchlight_model::calls::draft::{
    Act, DiscardDraft, Draft, FinishDraft, Finished, GetDraft, ListDrafts, MAX_DRAFT_BYTES, MAX_DRAFTS, PutDraft,
};
use porchlight_model::calls::script::SaveScript;
use porchlight_model::calls::visit::{AddNote, AddPerson, RecordVisit, ReportDanger};
use porchlight_model::calls::walk::Walk;
use porchlight_model::id::{DoorId, NoteId};
use porchlight_model::visit::{About, ResultCode};
use std::collections::BTreeMap;

fn put(walker: &mut Walker, key: &str, door: Option<DoorId>, body: &str) {
    walker.pass_ms(10);
    draft::put(&mut walker.engine, &PutDraft { key: key.to_owned(), door, body: body.to_owned() }).unwrap();
}

fn get(walker: &mut Walker, key: &str) -> Option<String> {
    draft::get(&mut walker.engine, &GetDraft { key: key.to_owned() }).unwrap().map(|draft| draft.body)
}

fn list(walker: &mut Walker, door: Option<DoorId>) -> Vec<String> {
    let drafts: Vec<Draft> = draft::list(&mut walker.engine, &ListDrafts { door }).unwrap();
    drafts.into_iter().map(|draft| draft.key).collect()
}

fn finish(walker: &mut Walker, key: &str, act: Act) -> Result<Finished, crate::EngineError> {
    draft::finish(&mut walker.engine, &FinishDraft { key: key.to_owned(), act, makes: None })
}

#[test]
fn a_talk_half_done_survives_a_kill_and_waits_at_its_door() {
    let pack = small_pack();
    let mut ana = walkers(1, &pack).remove(0);
    let (door, other) = (pack.doors[0].id, pack.doors[1].id);
    put(&mut ana, "talk/1", Some(door), "question 1");
    put(&mut ana, "talk/1", Some(door), "question 2");
    put(&mut ana, "note/1", Some(other), "the bell");
    put(&mut ana, "script", None, "{}");
    ana.restart();
    assert_eq!(get(&mut ana, "talk/1").as_deref(), Some("question 2"));
    assert_eq!(list(&mut ana, Some(door)), ["talk/1"]);
    assert_eq!(list(&mut ana, None), ["script", "note/1", "talk/1"]);
    let view = list::walk(&mut ana.engine, &Walk { turf: TURF }).unwrap();
    assert_eq!(view.rows.iter().filter(|row| row.has_draft).count(), 2);
    assert_eq!(ana.changes(TURF_DOC).len(), 1, "a draft is no change of a document, so nothing of it is sent");
}

#[test]
fn a_discarded_draft_is_gone_and_can_be_put_again() {
    let pack = small_pack();
    let mut ana = walkers(1, &pack).remove(0);
    put(&mut ana, "note/1", Some(pack.doors[0].id), "the bell");
    for _ in 0..2 {
        draft::discard(&mut ana.engine, &DiscardDraft { key: "note/1".to_owned() }).unwrap();
        assert_eq!(get(&mut ana, "note/1"), None);
    }
    put(&mut ana, "note/1", Some(pack.doors[0].id), "the bell");
    assert_eq!(get(&mut ana, "note/1").as_deref(), Some("the bell"));
}

#[test]
fn what_completes_a_draft_takes_it_away_with_it() {
    let pack = small_pack();
    let mut ana = walkers(1, &pack).remove(0);
    let (door, voter) = (pack.doors[0].id, pack.voters[0].id);
    let answers = BTreeMap::from([(SUPPORT, "yes".to_owned())]);
    let about = About::Door(door);
    let acts = [
        Act::Visit(RecordVisit { voter: Some(voter), answers, ..knock(&[door], ResultCode::Canvassed) }),
        Act::Note(AddNote { about, text: "the bell".to_owned() }),
        Act::Danger(ReportDanger { about, reason: "loose dog".to_owned() }),
        Act::Person(AddPerson { door, first: "Kim".to_owned(), last: String::new(), phone: String::new() }),
    ];
    for (n, act) in (1..).zip(acts) {
        let key = format!("draft/{n}");
        put(&mut ana, &key, Some(door), "half");
        finish(&mut ana, &key, act).unwrap();
        assert_eq!(get(&mut ana, &key), None);
        assert_eq!(ana.changes(TURF_DOC).len(), 1 + n, "each act is one change");
    }
}

#[test]
fn an_act_that_is_refused_keeps_its_draft() {
    let pack = small_pack();
    let mut ana = walkers(1, &pack).remove(0);
    let door = pack.doors[0].id;
    put(&mut ana, "talk/1", Some(door), "half");
    let wrong = [
        Act::Visit(RecordVisit { voter: Some(pack.voters[2].id), ..knock(&[door], ResultCode::Canvassed) }),
        Act::Visit(knock(&[], ResultCode::Canvassed)),
        Act::Note(AddNote { about: About::Door(door), text: " ".to_owned() }),
        Act::Person(AddPerson { door, first: String::new(), last: String::new(), phone: String::new() }),
        Act::Danger(ReportDanger { about: About::Door(DoorId::from_bytes([99; 16])), reason: String::new() }),
        Act::Script(SaveScript { script: town::script(town::SCRIPT) }),
    ];
    for act in wrong {
        told(finish(&mut ana, "talk/1", act));
        assert_eq!(get(&mut ana, "talk/1").as_deref(), Some("half"));
    }
    assert_eq!(ana.changes(TURF_DOC).len(), 1);
}

#[test]
fn drafts_have_limits_and_say_so() {
    let pack = small_pack();
    let mut ana = walkers(1, &pack).remove(0);
    let mut check = |key: &str, body: &str, id: &str| {
        let call = PutDraft { key: key.to_owned(), door: None, body: body.to_owned() };
        assert_eq!(told(draft::put(&mut ana.engine, &call)), id);
    };
    check("", "x", "error-draft-key");
    check(&"k".repeat(201), "x", "error-draft-key");
    check("k", &"x".repeat(MAX_DRAFT_BYTES + 1), "error-draft-too-long");
    for n in 0..MAX_DRAFTS {
        put(&mut ana, &n.to_string(), None, "x");
    }
    let call = |key: &str| PutDraft { key: key.to_owned(), door: None, body: "y".to_owned() };
    assert_eq!(told(draft::put(&mut ana.engine, &call("one more"))), "error-draft-too-many");
    draft::put(&mut ana.engine, &call("7")).unwrap();
}

#[test]
fn drafts_go_with_their_turf_and_with_the_campaign() {
    let pack = small_pack();
    let mut ana = walkers(1, &pack).remove(0);
    put(&mut ana, "note/1", Some(pack.doors[0].id), "the bell");
    put(&mut ana, "script", None, "{}");
    ana.engine.write("the turf leaves", |tx| reference::purge_turf(tx.conn(), TURF)).unwrap();
    assert_eq!(list(&mut ana, None), ["script"]);
    ana.engine.write("the device is left clean", |tx| store::empty(tx.conn())).unwrap();
    assert_eq!(list(&mut ana, None), Vec::<String>::new());
}

#[test]
fn a_note_or_a_person_that_is_saved_again_after_a_lost_reply_is_there_once() {
    let pack = small_pack();
    let mut ana = walkers(1, &pack).remove(0);
    let door = pack.doors[0].id;
    let note = Act::Note(AddNote { about: About::Door(door), text: "The bell is broken".to_owned() });
    let kim = AddPerson { door, first: "Kim".to_owned(), last: String::new(), phone: String::new() };
    for (nth, act) in [(1, note), (2, Act::Person(kim))] {
        let makes = Some(NoteId::from_bytes([nth; 16]));
        let call = FinishDraft { key: "one".to_owned(), act, makes };
        put(&mut ana, "one", Some(door), "typed");
        let first = draft::finish(&mut ana.engine, &call).unwrap();
        let before = ana.changes(TURF_DOC);
        ana.pass_ms(60_000);
        assert_eq!(draft::finish(&mut ana.engine, &call).unwrap(), first);
        assert_eq!(ana.changes(TURF_DOC), before);
        let other = FinishDraft { makes: Some(NoteId::from_bytes([nth + 10; 16])), ..call };
        draft::finish(&mut ana.engine, &other).unwrap();
        assert_ne!(ana.changes(TURF_DOC), before, "another one is another");
    }
}
