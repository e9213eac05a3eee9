//! Several canvassers at one door.

use super::town::{self, SUPPORT, TURF_DOC, Walker, hear, knock, small_pack, walkers};
use crate::door::open;
use porchlight_model::calls::door::{DoorView, HistoryKind, OpenDoor};
use porchlight_model::id::DoorId;
use porchlight_model::visit::{DoorState, ResultCode};

fn open_door(walker: &mut Walker, door: DoorId) -> DoorView {
    open::open(&mut walker.engine, &OpenDoor { door }).unwrap()
}

fn n_visits(view: &DoorView) -> usize {
    view.history.iter().filter(|item| matches!(item.what, HistoryKind::Visit { .. })).count()
}

/// Both talk to one voter without syncing; returns how many visits and conflicts everyone sees afterwards.
fn both_talk(first: &str, second: &str) -> (usize, usize) {
    let pack = small_pack();
    let mut both = walkers(2, &pack);
    both[0].talk(&pack.voters[0], &[(SUPPORT, first)]);
    both[1].talk(&pack.voters[0], &[(SUPPORT, second)]);
    town::settle(&mut both);
    let seen: Vec<(usize, usize)> = both
        .iter_mut()
        .map(|walker| {
            let view = open_door(walker, pack.doors[0].id);
            (n_visits(&view), view.voters[0].in_conflict.len())
        })
        .collect();
    assert_eq!(seen[0], seen[1]);
    seen[0]
}

#[test]
fn two_canvassers_with_different_answers_give_one_conflict_and_keep_both_visits() {
    assert_eq!(both_talk("yes", "no"), (2, 1));
}

#[test]
fn two_canvassers_with_equal_answers_give_no_conflict_and_keep_both_visits() {
    assert_eq!(both_talk("yes", "yes"), (2, 0));
}

#[test]
fn a_later_visit_that_had_seen_the_earlier_one_supersedes_it() {
    let pack = small_pack();
    let mut both = walkers(2, &pack);
    both[0].talk(&pack.voters[0], &[(SUPPORT, "yes")]);
    town::settle(&mut both);
    both[1].talk(&pack.voters[0], &[(SUPPORT, "no")]);
    town::settle(&mut both);
    for walker in &mut both {
        let view = open_door(walker, pack.doors[0].id);
        assert_eq!(view.voters[0].answers[&SUPPORT], "no");
        assert_eq!((view.voters[0].in_conflict.len(), n_visits(&view)), (0, 2));
    }
}

#[test]
fn a_talk_that_confirms_an_answer_still_disagrees_with_one_made_elsewhere() {
    let pack = small_pack();
    let mut three = walkers(3, &pack);
    three[0].talk(&pack.voters[0], &[(SUPPORT, "yes")]);
    town::settle(&mut three);
    three[1].talk(&pack.voters[0], &[(SUPPORT, "yes")]);
    three[2].talk(&pack.voters[0], &[(SUPPORT, "no")]);
    town::settle(&mut three);
    let view = open_door(&mut three[0], pack.doors[0].id);
    assert_eq!((view.voters[0].in_conflict.as_slice(), n_visits(&view)), ([SUPPORT].as_slice(), 3));
}

#[test]
fn a_visit_that_had_seen_a_conflict_settles_it() {
    let pack = small_pack();
    for word in ["yes", "no", "maybe"] {
        let mut both = walkers(2, &pack);
        both[0].talk(&pack.voters[0], &[(SUPPORT, "yes")]);
        both[1].talk(&pack.voters[0], &[(SUPPORT, "no")]);
        town::settle(&mut both);
        both[0].pass_ms(2000);
        both[0].talk(&pack.voters[0], &[(SUPPORT, word)]);
        town::settle(&mut both);
        for walker in &mut both {
            let view = open_door(walker, pack.doors[0].id);
            assert_eq!(view.voters[0].in_conflict, []);
            assert_eq!(view.voters[0].answers[&SUPPORT], word);
        }
    }
}

#[test]
fn someone_met_outranks_a_later_not_home() {
    let pack = small_pack();
    let mut both = walkers(2, &pack);
    both[0].talk(&pack.voters[0], &[]);
    both[1].pass_ms(60_000);
    both[1].record(&knock(&[pack.doors[0].id], ResultCode::NotHome));
    town::settle(&mut both);
    assert_eq!(open_door(&mut both[1], pack.doors[0].id).state, DoorState::Talked);
}

#[test]
fn what_was_recorded_is_there_after_a_restart() {
    let pack = small_pack();
    let mut both = walkers(2, &pack);
    both[0].talk(&pack.voters[0], &[(SUPPORT, "yes")]);
    both[0].restart();
    both[0].talk(&pack.voters[1], &[(SUPPORT, "no")]);
    hear(&mut both, 1, 0, usize::MAX);
    for walker in &mut both {
        let view = open_door(walker, pack.doors[0].id);
        assert_eq!((view.voters[0].answers[&SUPPORT].as_str(), n_visits(&view)), ("yes", 2));
        let (rows, rebuilt) = walker.engine.rows_and_rebuild(TURF_DOC).unwrap();
        assert_eq!(rows, rebuilt);
    }
}
