//! Results about one person, dangers with their reasons, and a member's own notes.

use super::town::{self, SUPPORT, TURF, TURF_DOC, Walker, knock, small_pack, told, walkers};
use crate::door::open;
use crate::visit::{add_person, flag, note};
use crate::walk::{cards, list, map};
use porchlight_model::calls::door::{Danger, DoorView, HistoryKind, OpenDoor};
use porchlight_model::calls::visit::{AddNote, AddPerson, EditNote, RecordVisit, ReportDanger, SetFlag};
use porchlight_model::calls::walk::{MyTurf, TurfMap, Walk, WalkView};
use porchlight_model::id::{DoorId, NoteId, VoterId};
use porchlight_model::turf::Pack;
use porchlight_model::visit::{About, DoorState, Flag, Gone, PersonState, ResultCode};
use porchlight_model::voter::Voter;

/// The small pack with a third resident, Marta, behind the first door.
fn pack_of_three() -> Pack {
    let mut pack = small_pack();
    let mut id = pack.voters[0].id.to_bytes();
    id[15] = 3;
    let marta = Voter { id: VoterId::from_bytes(id), first: "Marta".to_owned(), ..pack.voters[0].clone() };
    pack.voters.insert(2, marta);
    pack
}

fn open_door(walker: &mut Walker, door: DoorId) -> DoorView {
    open::open(&mut walker.engine, &OpenDoor { door }).unwrap()
}

fn walk(walker: &mut Walker) -> WalkView {
    list::walk(&mut walker.engine, &Walk { turf: TURF }).unwrap()
}

fn about(walker: &mut Walker, voter: &Voter, result: ResultCode) {
    walker.record(&RecordVisit { voter: Some(voter.id), ..knock(&[voter.door], result) });
}

#[test]
fn one_of_three_residents_moved_and_the_door_stays_to_do_for_the_others() {
    let pack = pack_of_three();
    let mut ana = walkers(1, &pack).remove(0);
    let door = pack.doors[0].id;
    about(&mut ana, &pack.voters[2], ResultCode::Moved);
    let view = walk(&mut ana);
    assert_eq!((view.next, view.n_left, view.rows[0].state), (Some(0), 14, DoorState::Todo));
    assert_eq!(view.rows[0].names, ["Ana Ruiz", "Leo Ruiz"]);
    assert_eq!(cards::my_turf(&mut ana.engine, &MyTurf {}).unwrap()[0].n_done, 0);
    let states: Vec<PersonState> = open_door(&mut ana, door).voters.iter().map(|voter| voter.state).collect();
    assert_eq!(states, [PersonState::ToMeet, PersonState::ToMeet, PersonState::Gone(Gone::Moved)]);
    // Some residents were met: other doors come first, but this one remains to do.
    ana.talk(&pack.voters[0], &[(SUPPORT, "yes")]);
    let view = walk(&mut ana);
    assert_eq!((view.next, view.n_left, view.rows[0].state), (Some(1), 14, DoorState::Part));
    assert_eq!(view.rows[0].left, ["Leo Ruiz"]);
    let marks = map::turf_map(&mut ana.engine, &TurfMap { turf: TURF }).unwrap();
    assert_eq!(marks.stops[0].state, DoorState::Part);
    for door in &pack.doors[1..] {
        ana.record(&knock(&[door.id], ResultCode::NotHome));
    }
    let view = walk(&mut ana);
    assert_eq!((view.next, view.n_left), (Some(0), 1));
    about(&mut ana, &pack.voters[1], ResultCode::Refused);
    let view = walk(&mut ana);
    assert_eq!((view.next, view.n_left, view.rows[0].state), (None, 0, DoorState::Talked));
    assert_eq!(cards::my_turf(&mut ana.engine, &MyTurf {}).unwrap()[0].n_done, 14);
}

#[test]
fn a_result_for_the_whole_door_closes_it_for_those_who_were_not_met() {
    let pack = pack_of_three();
    let mut ana = walkers(1, &pack).remove(0);
    ana.talk(&pack.voters[0], &[(SUPPORT, "yes")]);
    ana.record(&knock(&[pack.doors[0].id], ResultCode::NotHome));
    assert_eq!(walk(&mut ana).rows[0].state, DoorState::Talked);
    let person =
        AddPerson { door: pack.doors[0].id, first: "Kim".to_owned(), last: String::new(), phone: String::new() };
    ana.pass_ms(1000);
    add_person::add_person(&mut ana.engine, &person).unwrap();
    assert_eq!(walk(&mut ana).rows[0].left, ["Kim"], "whoever is added afterwards is still to meet");
}

#[test]
fn a_card_counts_doors_as_the_list_does() {
    let pack = pack_of_three();
    let mut ana = walkers(1, &pack).remove(0);
    let n_done = |ana: &mut Walker| cards::my_turf(&mut ana.engine, &MyTurf {}).unwrap()[0].n_done;
    ana.record(&knock(&[pack.doors[0].id], ResultCode::NotHome));
    assert_eq!((n_done(&mut ana), walk(&mut ana).n_done), (1, 1));
    let person =
        AddPerson { door: pack.doors[0].id, first: "Kim".to_owned(), last: String::new(), phone: String::new() };
    ana.pass_ms(1000);
    add_person::add_person(&mut ana.engine, &person).unwrap();
    assert_eq!((n_done(&mut ana), walk(&mut ana).n_done, walk(&mut ana).n_left), (0, 0, 14));
}

#[test]
fn a_taken_back_move_makes_a_person_one_to_meet_again() {
    let pack = pack_of_three();
    let mut ana = walkers(1, &pack).remove(0);
    let moved = RecordVisit { voter: Some(pack.voters[2].id), ..knock(&[pack.doors[0].id], ResultCode::Moved) };
    let visits = ana.record(&moved).visits;
    ana.pass_ms(1000);
    crate::visit::undo::undo(&mut ana.engine, &porchlight_model::calls::visit::Undo { visits }).unwrap();
    assert_eq!(open_door(&mut ana, pack.doors[0].id).voters[2].state, PersonState::ToMeet);
}

#[test]
fn a_danger_is_told_with_its_reason_in_the_list_on_the_map_and_at_the_door() {
    let pack = small_pack();
    let mut both = walkers(2, &pack);
    let door = pack.doors[0].id;
    let call = ReportDanger { about: About::Door(door), reason: " Loose dog, gate open ".to_owned() };
    flag::report_danger(&mut both[0].engine, &call).unwrap();
    let noted = AddNote { about: About::Door(door), text: "Bell is broken".to_owned() };
    both[0].pass_ms(10);
    note::note(&mut both[0].engine, &noted).unwrap();
    town::settle(&mut both);
    let danger = Danger {
        unit: String::new(),
        reason: "Loose dog, gate open".to_owned(),
        by_name: "Walker 1".to_owned(),
        at: town::START,
    };
    for walker in &mut both {
        assert_eq!(walk(walker).rows[0].danger.as_ref(), Some(&danger));
        assert_eq!(open_door(walker, door).danger.as_ref(), Some(&danger));
        let marks = map::turf_map(&mut walker.engine, &TurfMap { turf: TURF }).unwrap();
        assert_eq!((marks.stops[0].state, &marks.stops[0].danger), (DoorState::Danger, &danger.reason));
        assert_eq!(walk(walker).next, Some(1));
    }
    both[1].pass_ms(1000);
    let lifted = SetFlag { about: About::Door(door), flag: Flag::Danger, is_set: false };
    flag::flag(&mut both[1].engine, &lifted).unwrap();
    assert_eq!(walk(&mut both[1]).rows[0].danger, None);
}

#[test]
fn a_danger_at_one_unit_is_told_with_its_unit_where_the_building_stands_in_the_list_and_on_the_map() {
    let pack = small_pack();
    let mut ana = walkers(1, &pack).remove(0);
    let unit = pack.doors.iter().rfind(|door| door.building.is_some()).unwrap().clone();
    let at_building = |walker: &mut Walker| {
        let row = walk(walker).rows.into_iter().find(|row| row.n_doors > 1).unwrap();
        let marks = map::turf_map(&mut walker.engine, &TurfMap { turf: TURF }).unwrap();
        let stop = marks.stops.into_iter().find(|stop| stop.n_doors > 1).unwrap();
        (row.danger.map(|danger| (danger.unit, danger.reason)), stop.danger)
    };
    assert_eq!(at_building(&mut ana), (None, String::new()));
    let call = ReportDanger { about: About::Door(unit.id), reason: "Fell through the stairs".to_owned() };
    flag::report_danger(&mut ana.engine, &call).unwrap();
    let told = Some((unit.unit.clone(), "Fell through the stairs".to_owned()));
    assert_eq!(at_building(&mut ana), (told, format!("{}: Fell through the stairs", unit.unit)));
}

#[test]
fn a_danger_that_a_phone_of_an_older_version_reported_is_told_with_the_note_it_wrote_next() {
    let pack = small_pack();
    let mut ana = walkers(1, &pack).remove(0);
    let thing = About::Door(pack.doors[0].id);
    flag::flag(&mut ana.engine, &SetFlag { about: thing, flag: Flag::Danger, is_set: true }).unwrap();
    assert_eq!(walk(&mut ana).rows[0].danger.as_ref().unwrap().reason, "");
    ana.pass_ms(40);
    note::note(&mut ana.engine, &AddNote { about: thing, text: "Loose dog".to_owned() }).unwrap();
    assert_eq!(walk(&mut ana).rows[0].danger.as_ref().unwrap().reason, "Loose dog");
}

#[test]
fn ones_own_note_can_be_rewritten_and_removed_and_no_other() {
    let pack = small_pack();
    let mut both = walkers(2, &pack);
    let door = pack.doors[0].id;
    note::note(&mut both[0].engine, &AddNote { about: About::Door(door), text: "Bel broken".to_owned() }).unwrap();
    town::settle(&mut both);
    let first = notes(&mut both[0], door)[0].0;
    let edit = |walker: &mut Walker, note: NoteId, text: &str| {
        walker.pass_ms(1000);
        note::edit(&mut walker.engine, &EditNote { note, text: text.to_owned() })
    };
    assert_eq!(told(edit(&mut both[1], first, "mine")), "error-note-not-yours");
    edit(&mut both[0], first, "Bell broken").unwrap();
    town::settle(&mut both);
    for walker in &mut both {
        assert_eq!(notes(walker, door).iter().map(|(_, text)| text.as_str()).collect::<Vec<_>>(), ["Bell broken"]);
        let (before, after) = walker.engine.rows_and_rebuild(TURF_DOC).unwrap();
        assert_eq!(before, after);
    }
    assert_eq!(told(edit(&mut both[0], first, "again")), "error-note-gone");
    let second = notes(&mut both[0], door)[0].0;
    edit(&mut both[0], second, " ").unwrap();
    town::settle(&mut both);
    for walker in &mut both {
        assert_eq!(notes(walker, door), []);
        assert_eq!(walk(walker).rows[0].note, "");
    }
}

#[test]
fn a_note_that_was_taken_back_before_an_update_is_in_the_record_after_it() {
    let pack = small_pack();
    let mut ana = walkers(1, &pack).remove(0);
    let door = pack.doors[0].id;
    note::note(&mut ana.engine, &AddNote { about: About::Door(door), text: "Bel broken".to_owned() }).unwrap();
    let note = notes(&mut ana, door)[0].0;
    note::edit(&mut ana.engine, &EditNote { note, text: String::new() }).unwrap();
    // The state of the previous version, which has no row for such a note.
    ana.engine
        .write("an older program", |tx| {
            tx.conn().execute("DELETE FROM retracted_note", [])?;
            crate::store::settings::put(tx.conn(), "meaning", &2)
        })
        .unwrap();
    ana.restart();
    let is_back = "SELECT count(*) FROM retracted_note WHERE text = 'Bel broken'";
    assert_eq!(ana.engine.conn().query_row(is_back, [], |row| row.get::<_, u32>(0)).unwrap(), 1);
    assert_eq!(notes(&mut ana, door), [], "and on no screen");
}

/// The notes of a door, newest first.
fn notes(walker: &mut Walker, door: DoorId) -> Vec<(NoteId, String)> {
    let history = open_door(walker, door).history.into_iter();
    let notes = history.filter_map(|item| match item.what {
        HistoryKind::Note { note, text } => Some((note, text)),
        HistoryKind::Visit { .. } | HistoryKind::Flag { .. } | HistoryKind::Added { .. } => None,
    });
    notes.collect()
}
