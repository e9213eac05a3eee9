//! The reason of a danger is always that of the flag in force, and is lifted with it.

use super::town::{self, TURF, Walker, small_pack, walkers};
use crate::door::open;
use crate::visit::{flag, note};
use crate::walk::list;
use porchlight_model::calls::door::{HistoryKind, OpenDoor};
use porchlight_model::calls::visit::{AddNote, EditNote, ReportDanger, SetFlag};
use porchlight_model::calls::walk::Walk;
use porchlight_model::id::{DoorId, NoteId};
use porchlight_model::visit::{About, Flag};

fn report(walker: &mut Walker, door: DoorId, reason: &str) {
    walker.pass_ms(1000);
    let call = ReportDanger { about: About::Door(door), reason: reason.to_owned() };
    flag::report_danger(&mut walker.engine, &call).unwrap();
}

fn set(walker: &mut Walker, door: DoorId, is_set: bool) {
    walker.pass_ms(1000);
    let call = SetFlag { about: About::Door(door), flag: Flag::Danger, is_set };
    flag::flag(&mut walker.engine, &call).unwrap();
}

fn add(walker: &mut Walker, door: DoorId, text: &str) {
    walker.pass_ms(1000);
    note::note(&mut walker.engine, &AddNote { about: About::Door(door), text: text.to_owned() }).unwrap();
}

/// The reason at the first door, which list and door must agree on; `None` if there is no danger.
fn reason(walker: &mut Walker, door: DoorId) -> Option<String> {
    let at_door = open::open(&mut walker.engine, &OpenDoor { door }).unwrap().danger;
    assert_eq!(list::walk(&mut walker.engine, &Walk { turf: TURF }).unwrap().rows[0].danger, at_door);
    at_door.map(|danger| danger.reason)
}

fn notes(walker: &mut Walker, door: DoorId) -> Vec<(NoteId, String)> {
    let history = open::open(&mut walker.engine, &OpenDoor { door }).unwrap().history;
    let notes = history.into_iter().filter_map(|item| match item.what {
        HistoryKind::Note { note, text } => Some((note, text)),
        _ => None,
    });
    notes.collect()
}

#[test]
fn a_danger_without_a_reason_borrows_none() {
    let pack = small_pack();
    let mut both = walkers(2, &pack);
    let door = pack.doors[0].id;
    add(&mut both[0], door, "Bell is broken");
    town::settle(&mut both);
    set(&mut both[1], door, true);
    both[0].pass_ms(20 * 60_000);
    add(&mut both[0], door, "Nice garden");
    both[1].pass_ms(20 * 60_000);
    add(&mut both[1], door, "Much later, about something else");
    town::settle(&mut both);
    for walker in &mut both {
        assert_eq!(reason(walker, door).as_deref(), Some(""));
    }
}

#[test]
fn a_danger_that_is_set_anew_has_the_newer_reason() {
    let pack = small_pack();
    let mut both = walkers(2, &pack);
    let door = pack.doors[0].id;
    report(&mut both[0], door, "Loose dog");
    town::settle(&mut both);
    both[1].pass_ms(5000);
    report(&mut both[1], door, "Two loose dogs");
    town::settle(&mut both);
    for walker in &mut both {
        assert_eq!(reason(walker, door).as_deref(), Some("Two loose dogs"));
    }
}

#[test]
fn a_reason_that_is_rewritten_stays_the_reason_and_one_that_is_removed_is_none() {
    let pack = small_pack();
    let mut ana = walkers(1, &pack).remove(0);
    let door = pack.doors[0].id;
    report(&mut ana, door, "Lose dog");
    for (text, told) in [("Loose dog", "Loose dog"), ("Loose dog, gate open", "Loose dog, gate open"), ("", "")] {
        ana.pass_ms(60 * 60_000);
        let note = notes(&mut ana, door)[0].0;
        note::edit(&mut ana.engine, &EditNote { note, text: text.to_owned() }).unwrap();
        assert_eq!(reason(&mut ana, door).as_deref(), Some(told));
    }
}

#[test]
fn whoever_takes_a_danger_back_takes_its_reason_back_and_gets_both_again() {
    let pack = small_pack();
    let mut both = walkers(2, &pack);
    let door = pack.doors[0].id;
    report(&mut both[0], door, "Loose dog");
    set(&mut both[0], door, false);
    assert_eq!((reason(&mut both[0], door), notes(&mut both[0], door)), (None, vec![]));
    set(&mut both[0], door, true);
    assert_eq!(reason(&mut both[0], door).as_deref(), Some("Loose dog"));
    assert_eq!(notes(&mut both[0], door).len(), 1);
    // Another member lifts it: the reason stays as a note.
    town::settle(&mut both);
    set(&mut both[1], door, false);
    town::settle(&mut both);
    for walker in &mut both {
        assert_eq!((reason(walker, door), notes(walker, door).len()), (None, 1));
        let (before, after) = walker.engine.rows_and_rebuild(town::TURF_DOC).unwrap();
        assert_eq!(before, after);
    }
}
