//! Taking back a mistap.

use super::town::{self, SUPPORT, TURF_DOC, Walker, knock, small_pack, told, walkers};
use crate::door::open;
use crate::visit::{note, redo, undo};
use porchlight_model::calls::door::{DoorView, HistoryKind, OpenDoor};
use porchlight_model::calls::visit::{AddNote, RecordVisit, Redo, Undo};
use porchlight_model::id::{DoorId, VisitId};
use porchlight_model::visit::{About, DoorState, ResultCode};

fn open_door(walker: &mut Walker, door: DoorId) -> DoorView {
    open::open(&mut walker.engine, &OpenDoor { door }).unwrap()
}

fn take_back(walker: &mut Walker, visits: &[VisitId]) {
    walker.pass_ms(1000);
    undo::undo(&mut walker.engine, &Undo { visits: visits.to_vec() }).unwrap();
}

fn support(walker: &mut Walker, door: DoorId) -> Option<String> {
    open_door(walker, door).voters[0].answers.get(&SUPPORT).cloned()
}

#[test]
fn an_undone_visit_stays_in_the_record_and_the_door_is_to_do_again() {
    let pack = small_pack();
    let mut ana = walkers(1, &pack).remove(0);
    let door = pack.doors[0].id;
    let visits = ana.record(&knock(&[door], ResultCode::Refused)).visits;
    take_back(&mut ana, &visits);
    let view = open_door(&mut ana, door);
    assert_eq!(view.state, DoorState::Todo);
    assert!(matches!(view.history[0].what, HistoryKind::Visit { is_retracted: true, .. }));
}

#[test]
fn an_undone_answer_goes_back_to_the_one_before_or_to_none() {
    let pack = small_pack();
    let mut ana = walkers(1, &pack).remove(0);
    let door = pack.doors[0].id;
    let first = ana.talk(&pack.voters[0], &[(SUPPORT, "no")]);
    let second = ana.talk(&pack.voters[0], &[(SUPPORT, "yes")]);
    take_back(&mut ana, &[second]);
    assert_eq!(support(&mut ana, door), Some("no".to_owned()));
    take_back(&mut ana, &[first]);
    assert_eq!(support(&mut ana, door), None);
    ana.talk(&pack.voters[0], &[(SUPPORT, "yes")]);
    assert_eq!(support(&mut ana, door), Some("yes".to_owned()));
}

#[test]
fn undoing_an_earlier_visit_leaves_the_later_answer() {
    let pack = small_pack();
    let mut ana = walkers(1, &pack).remove(0);
    let first = ana.talk(&pack.voters[0], &[(SUPPORT, "no")]);
    ana.talk(&pack.voters[0], &[(SUPPORT, "yes")]);
    take_back(&mut ana, &[first]);
    assert_eq!(support(&mut ana, pack.doors[0].id), Some("yes".to_owned()));
}

#[test]
fn undoing_one_side_of_a_conflict_leaves_the_other_answer() {
    let pack = small_pack();
    let mut both = walkers(2, &pack);
    both[1].pass_ms(-3_600_000);
    let mine = both[0].talk(&pack.voters[0], &[(SUPPORT, "yes")]);
    both[1].talk(&pack.voters[0], &[(SUPPORT, "no")]);
    town::settle(&mut both);
    take_back(&mut both[0], &[mine]);
    town::settle(&mut both);
    for walker in &mut both {
        let view = open_door(walker, pack.doors[0].id);
        assert_eq!(view.voters[0].answers[&SUPPORT], "no");
        assert_eq!(view.voters[0].in_conflict, []);
    }
}

#[test]
fn undoing_one_of_three_leaves_the_other_two_for_a_coordinator() {
    let pack = small_pack();
    let mut three = walkers(3, &pack);
    let mine = three[0].talk(&pack.voters[0], &[(SUPPORT, "yes")]);
    three[1].talk(&pack.voters[0], &[(SUPPORT, "no")]);
    three[2].talk(&pack.voters[0], &[(SUPPORT, "maybe")]);
    town::settle(&mut three);
    take_back(&mut three[0], &[mine]);
    town::settle(&mut three);
    assert_eq!(open_door(&mut three[1], pack.doors[0].id).voters[0].in_conflict, [SUPPORT]);
}

#[test]
fn an_answer_given_elsewhere_survives_an_undo_that_had_not_seen_it() {
    let pack = small_pack();
    let mut both = walkers(2, &pack);
    let mine = both[0].talk(&pack.voters[0], &[(SUPPORT, "yes")]);
    town::settle(&mut both);
    take_back(&mut both[0], &[mine]);
    both[1].talk(&pack.voters[0], &[(SUPPORT, "no")]);
    town::settle(&mut both);
    for walker in &mut both {
        assert_eq!(support(walker, pack.doors[0].id), Some("no".to_owned()));
    }
}

#[test]
fn undoing_twice_does_nothing_more() {
    let pack = small_pack();
    let mut ana = walkers(1, &pack).remove(0);
    let visit = ana.talk(&pack.voters[0], &[(SUPPORT, "yes")]);
    take_back(&mut ana, &[visit]);
    let before = ana.changes(TURF_DOC);
    take_back(&mut ana, &[visit]);
    assert_eq!(ana.changes(TURF_DOC), before);
}

#[test]
fn a_floor_is_taken_back_as_one_change() {
    let pack = small_pack();
    let mut ana = walkers(1, &pack).remove(0);
    let n_before = ana.changes(TURF_DOC).len();
    let doors: Vec<DoorId> = pack.doors[4..10].iter().map(|door| door.id).collect();
    let visits = ana.record(&knock(&doors, ResultCode::NotHome)).visits;
    take_back(&mut ana, &visits);
    assert_eq!((visits.len(), ana.changes(TURF_DOC).len()), (6, n_before + 2));
    assert_eq!(open_door(&mut ana, doors[3]).state, DoorState::Todo);
}

#[test]
fn only_ones_own_visits_can_be_taken_back() {
    let pack = small_pack();
    let mut both = walkers(2, &pack);
    let visits = both[0].record(&knock(&[pack.doors[0].id], ResultCode::NotHome)).visits;
    town::settle(&mut both);
    assert_eq!(told(undo::undo(&mut both[1].engine, &Undo { visits })), "error-undo-not-yours");
    let unknown = Undo { visits: vec![VisitId::from_bytes([99; 16])] };
    assert_eq!(told(undo::undo(&mut both[1].engine, &unknown)), "error-visit-gone");
}

#[test]
fn recording_again_twice_records_once_and_gives_the_same_receipt() {
    let pack = small_pack();
    let mut ana = walkers(1, &pack).remove(0);
    let visit = ana.talk(&pack.voters[0], &[(SUPPORT, "yes")]);
    let floor = ana.record(&knock(&[pack.doors[4].id, pack.doors[5].id], ResultCode::NotHome)).visits;
    for visits in [vec![visit], floor] {
        take_back(&mut ana, &visits);
        let first = redo::redo(&mut ana.engine, &Redo { visits: visits.clone() }).unwrap();
        assert_eq!(first.visits.len(), visits.len());
        let before = ana.changes(TURF_DOC);
        ana.pass_ms(60_000);
        let again = redo::redo(&mut ana.engine, &Redo { visits: visits.clone() }).unwrap();
        assert_eq!((&again, ana.changes(TURF_DOC)), (&first, before));
        // A visit that stands is returned as it is; one that was undone again is recorded again.
        assert_eq!(redo::redo(&mut ana.engine, &Redo { visits: first.visits.clone() }).unwrap(), first);
        take_back(&mut ana, &first.visits);
        let third = redo::redo(&mut ana.engine, &Redo { visits }).unwrap();
        assert_ne!(third.visits, first.visits);
    }
}

#[test]
fn recording_again_leaves_a_newer_answer_as_it_is() {
    let pack = small_pack();
    let mut both = walkers(2, &pack);
    let door = pack.doors[0].id;
    let visit = both[0].talk(&pack.voters[0], &[(SUPPORT, "yes")]);
    take_back(&mut both[0], &[visit]);
    town::settle(&mut both);
    both[1].pass_ms(10_000);
    both[1].talk(&pack.voters[0], &[(SUPPORT, "no")]);
    town::settle(&mut both);
    redo::redo(&mut both[0].engine, &Redo { visits: vec![visit] }).unwrap();
    town::settle(&mut both);
    for walker in &mut both {
        assert_eq!(support(walker, door), Some("no".to_owned()));
        assert_eq!(open_door(walker, door).voters[0].in_conflict, []);
    }
}

#[test]
fn a_note_that_was_written_with_a_visit_goes_and_comes_back_with_it() {
    let pack = small_pack();
    let mut ana = walkers(1, &pack).remove(0);
    let door = pack.doors[0].id;
    let notes = |ana: &mut Walker| {
        let texts = open_door(ana, door).history.into_iter().filter_map(|item| match item.what {
            HistoryKind::Note { text, .. } => Some(text),
            HistoryKind::Visit { .. } | HistoryKind::Flag { .. } | HistoryKind::Added { .. } => None,
        });
        texts.collect::<Vec<_>>()
    };
    note::note(&mut ana.engine, &AddNote { about: About::Door(door), text: "Side gate".to_owned() }).unwrap();
    ana.pass_ms(1000);
    let come_back = RecordVisit { note: "After 19:00".to_owned(), ..knock(&[door], ResultCode::ComeBack) };
    let visits = ana.record(&come_back).visits;
    assert_eq!(notes(&mut ana), ["After 19:00", "Side gate"]);
    take_back(&mut ana, &visits);
    assert_eq!(notes(&mut ana), ["Side gate"]);
    let visits = redo::redo(&mut ana.engine, &Redo { visits }).unwrap().visits;
    assert_eq!(notes(&mut ana), ["After 19:00", "Side gate"]);
    take_back(&mut ana, &visits);
    assert_eq!(notes(&mut ana), ["Side gate"]);
}
