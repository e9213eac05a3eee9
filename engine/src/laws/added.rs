//! People who were added at a door by mistake: taken back, brought back, and kept where others recorded something about them.

use super::town::{self, SUPPORT, TURF, TURF_DOC, Walker, knock, small_pack, told, walkers};
use crate::door::open;
use crate::visit::{add_person, note, own, undo};
use porchlight_model::calls::door::OpenDoor;
use porchlight_model::calls::visit::{
    AddNote, AddPerson, OwnActs, OwnActsView, OwnWhat, RecordVisit, TakeBackPerson, Undo,
};
use porchlight_model::id::{DoorId, VoterId};
use porchlight_model::visit::{About, ResultCode};
use std::collections::BTreeMap;

fn add_kim(walker: &mut Walker, door: DoorId) -> VoterId {
    let kim = AddPerson { door, first: "Kim".to_owned(), last: "Oh".to_owned(), phone: "828".to_owned() };
    add_person::add_person(&mut walker.engine, &kim).unwrap().voter
}

fn take_back(walker: &mut Walker, voter: VoterId, is_taken_back: bool) -> Result<(), crate::EngineError> {
    add_person::take_back(&mut walker.engine, &TakeBackPerson { voter, is_taken_back })
}

fn acts(walker: &mut Walker) -> OwnActsView {
    own::own(&mut walker.engine, &OwnActs { turf: TURF }).unwrap()
}

fn is_there(walker: &mut Walker, door: DoorId, voter: VoterId) -> bool {
    let view = open::open(&mut walker.engine, &OpenDoor { door }).unwrap();
    view.voters.iter().any(|card| card.voter.id == voter)
}

/// The rows of a document are what a rebuild from the document gives.
fn assert_as_rebuilt(walker: &mut Walker) {
    let (rows, rebuilt) = walker.engine.rows_and_rebuild(TURF_DOC).unwrap();
    assert_eq!(rows, rebuilt);
}

#[test]
fn a_person_added_by_mistake_is_an_act_that_is_named_taken_back_and_brought_back() {
    let pack = small_pack();
    let mut both = walkers(2, &pack);
    let door = pack.doors[0].id;
    let kim = add_kim(&mut both[0], door);
    let act = acts(&mut both[0]).standing.remove(0);
    assert_eq!((act.what, act.voter_name.as_str(), act.door), (OwnWhat::Person(kim), "Kim Oh", Some(door)));
    both[0].pass_ms(400);
    take_back(&mut both[0], kim, true).unwrap();
    let view = acts(&mut both[0]);
    assert_eq!((view.standing.len(), view.taken_back.len()), (0, 1));
    assert_eq!((view.taken_back[0].voter_name.as_str(), view.taken_back[0].door), ("Kim Oh", Some(door)));
    town::settle(&mut both);
    assert!(both.iter_mut().all(|walker| !is_there(walker, door, kim)));
    both[0].pass_ms(400);
    take_back(&mut both[0], kim, false).unwrap();
    take_back(&mut both[0], kim, false).unwrap();
    town::settle(&mut both);
    assert!(both.iter_mut().all(|walker| is_there(walker, door, kim)));
    assert_eq!(acts(&mut both[0]).taken_back.len(), 0);
    take_back(&mut both[0], kim, true).unwrap();
    town::settle(&mut both);
    both.iter_mut().for_each(assert_as_rebuilt);
}

#[test]
fn a_person_is_taken_back_only_by_who_added_them_and_only_while_nothing_is_recorded_about_them() {
    let pack = small_pack();
    let mut both = walkers(2, &pack);
    let door = pack.doors[0].id;
    let kim = add_kim(&mut both[0], door);
    town::settle(&mut both);
    assert_eq!(told(take_back(&mut both[1], kim, true)), "error-undo-not-yours");
    assert_eq!(told(take_back(&mut both[0], VoterId::from_bytes([99; 16]), true)), "error-person-gone");
    let answers = BTreeMap::from([(SUPPORT, "yes".to_owned())]);
    let talk = RecordVisit { voter: Some(kim), answers, ..knock(&[door], ResultCode::Canvassed) };
    let visits = both[0].record(&talk).visits;
    assert_eq!(told(take_back(&mut both[0], kim, true)), "error-person-has-record");
    assert_eq!(acts(&mut both[0]).standing.len(), 1, "the talk comes first, and only that is offered");
    undo::undo(&mut both[0].engine, &Undo { visits }).unwrap();
    assert!(matches!(acts(&mut both[0]).standing[0].what, OwnWhat::Person(_)));
    let call = AddNote { about: About::Voter(kim), text: "Works nights".to_owned() };
    note::note(&mut both[0].engine, &call).unwrap();
    assert_eq!(told(take_back(&mut both[0], kim, true)), "error-person-has-record");
    assert!(is_there(&mut both[0], door, kim));
}

#[test]
fn who_was_taken_back_while_somebody_else_talked_with_them_stays_with_that_talk() {
    let pack = small_pack();
    let mut both = walkers(2, &pack);
    let door = pack.doors[0].id;
    let kim = add_kim(&mut both[0], door);
    town::settle(&mut both);
    take_back(&mut both[0], kim, true).unwrap();
    let answers = BTreeMap::from([(SUPPORT, "yes".to_owned())]);
    let visits =
        both[1].record(&RecordVisit { voter: Some(kim), answers, ..knock(&[door], ResultCode::Canvassed) }).visits;
    town::settle(&mut both);
    assert!(both.iter_mut().all(|walker| is_there(walker, door, kim)));
    undo::undo(&mut both[1].engine, &Undo { visits }).unwrap();
    town::settle(&mut both);
    assert!(both.iter_mut().all(|walker| !is_there(walker, door, kim)), "nobody is left who says that they live here");
    both.iter_mut().for_each(assert_as_rebuilt);
}
