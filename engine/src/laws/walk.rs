//! What the walker of a turf sees.

use super::town::{self, BUILDING, SIGN, SUPPORT, TURF, Walker, knock, small_pack, told, walkers};
use crate::visit::{add_person, flag, note};
use crate::walk::{cards, list, map, shift};
use porchlight_model::calls::visit::{AddNote, AddPerson, SetFlag};
use porchlight_model::calls::walk::ShiftReport;
use porchlight_model::calls::walk::{MyTurf, Stop, TurfMap, Walk, WalkRow, WalkView};
use porchlight_model::id::TurfId;
use porchlight_model::visit::{About, DoorState, Flag, ResultCode};

fn walk(walker: &mut Walker) -> WalkView {
    list::walk(&mut walker.engine, &Walk { turf: TURF }).unwrap()
}

fn row(view: &WalkView, stop: Stop) -> WalkRow {
    view.rows.iter().find(|row| row.stop == stop).unwrap().clone()
}

#[test]
fn a_fresh_turf_lists_its_stops_in_walking_order_with_a_building_as_one() {
    let pack = small_pack();
    let mut ana = walkers(1, &pack).remove(0);
    let view = walk(&mut ana);
    assert_eq!((view.n_doors, view.rows.len(), view.next), (14, 9, Some(0)));
    assert_eq!((view.minutes_left, view.doors_per_hour), (28, None));
    assert_eq!(view.by_state[&DoorState::Todo], 14);
    assert_eq!(view.rows[4].stop, Stop::Building(BUILDING));
    assert_eq!((view.rows[4].n_doors, view.rows[4].n_left, view.rows[4].names.len()), (6, 6, 0));
    assert_eq!(view.rows[0].names, ["Ana Ruiz", "Leo Ruiz"]);
    assert_eq!(view.rows[0].walk_m, 0);
    assert_eq!(view.rows[1].walk_m, 18);
}

#[test]
fn the_next_stop_comes_after_the_one_visited_last_and_goes_round_at_the_end() {
    let pack = small_pack();
    let mut ana = walkers(1, &pack).remove(0);
    ana.record(&knock(&[pack.doors[2].id], ResultCode::NotHome));
    assert_eq!(walk(&mut ana).next, Some(3));
    ana.record(&knock(&[pack.doors[13].id], ResultCode::NotHome));
    assert_eq!(walk(&mut ana).next, Some(0));
    for door in &pack.doors {
        ana.record(&knock(&[door.id], ResultCode::NotHome));
    }
    let view = walk(&mut ana);
    assert_eq!((view.next, view.minutes_left), (None, 0));
}

#[test]
fn a_building_stays_next_while_a_unit_is_to_do() {
    let pack = small_pack();
    let mut ana = walkers(1, &pack).remove(0);
    let floor = [pack.doors[4].id, pack.doors[5].id];
    ana.record(&knock(&floor, ResultCode::NotHome));
    let view = walk(&mut ana);
    assert_eq!(view.next, Some(4));
    assert_eq!((row(&view, Stop::Building(BUILDING)).state, view.rows[4].n_left), (DoorState::Todo, 4));
    ana.record(&knock(&[pack.doors[6].id, pack.doors[7].id], ResultCode::NotHome));
    ana.record(&knock(&[pack.doors[8].id, pack.doors[9].id], ResultCode::Refused));
    let view = walk(&mut ana);
    assert_eq!((view.next, view.rows[4].state), (Some(5), DoorState::NotHome));
}

#[test]
fn another_members_visits_do_not_move_my_next_stop() {
    let pack = small_pack();
    let mut both = walkers(2, &pack);
    both[0].record(&knock(&[pack.doors[0].id], ResultCode::NotHome));
    both[1].record(&knock(&[pack.doors[12].id], ResultCode::NotHome));
    town::settle(&mut both);
    assert_eq!(walk(&mut both[0]).next, Some(1));
    assert_eq!(walk(&mut both[1]).next, Some(8));
}

#[test]
fn a_pace_is_told_after_five_doors_and_ten_minutes() {
    let pack = small_pack();
    let mut ana = walkers(1, &pack).remove(0);
    for door in &pack.doors[..5] {
        ana.record(&knock(&[door.id], ResultCode::NotHome));
        ana.pass_ms(149_000);
    }
    assert_eq!(walk(&mut ana).doors_per_hour, Some(30));
    // The time left is that of the pace beside it: 8 doors at 11 an hour.
    ana.pass_ms(20 * 60_000);
    ana.record(&knock(&[pack.doors[5].id], ResultCode::NotHome));
    let view = walk(&mut ana);
    assert_eq!((view.doors_per_hour, view.n_left, view.minutes_left), (Some(11), 8, 44));
    ana.pass_ms(13 * 60 * 60 * 1000);
    assert_eq!(walk(&mut ana).doors_per_hour, None);
}

#[test]
fn a_persons_wish_closes_the_door_only_when_all_have_it_and_a_danger_always_shows() {
    let pack = small_pack();
    let mut ana = walkers(1, &pack).remove(0);
    let door = pack.doors[0].id;
    let set = |ana: &mut Walker, about, which, is_set| {
        flag::flag(&mut ana.engine, &SetFlag { about, flag: which, is_set }).unwrap();
        row(&walk(ana), Stop::Door(door)).state
    };
    let (one, other) = (About::Voter(pack.voters[0].id), About::Voter(pack.voters[1].id));
    assert_eq!(set(&mut ana, one, Flag::DoNotContact, true), DoorState::Todo);
    assert_eq!(set(&mut ana, other, Flag::DoNotContact, true), DoorState::Refused);
    assert_eq!(set(&mut ana, other, Flag::Danger, true), DoorState::Danger);
    assert_eq!(set(&mut ana, other, Flag::Danger, false), DoorState::Refused);
    assert_eq!(set(&mut ana, one, Flag::DoNotContact, false), DoorState::Todo);
    assert_eq!(set(&mut ana, About::Door(door), Flag::DoNotContact, true), DoorState::Refused);
}

#[test]
fn the_list_shows_the_newest_note_cut_between_characters_and_people_added() {
    let pack = small_pack();
    let mut ana = walkers(1, &pack).remove(0);
    let door = pack.doors[0].id;
    let long = "é".repeat(100);
    for text in ["first", long.as_str()] {
        ana.pass_ms(10);
        note::note(&mut ana.engine, &AddNote { about: About::Door(door), text: text.to_owned() }).unwrap();
    }
    let person = AddPerson { door, first: "Kim".to_owned(), last: String::new(), phone: String::new() };
    add_person::add_person(&mut ana.engine, &person).unwrap();
    let row = row(&walk(&mut ana), Stop::Door(door));
    assert_eq!(row.note.chars().count(), 80);
    assert!(row.note.ends_with("é…"));
    assert_eq!(row.names, ["Ana Ruiz", "Leo Ruiz", "Kim"]);
}

#[test]
fn my_turf_counts_doors_and_not_visits() {
    let pack = small_pack();
    let mut ana = walkers(1, &pack).remove(0);
    ana.record(&knock(&[pack.doors[0].id], ResultCode::NotHome));
    ana.record(&knock(&[pack.doors[0].id], ResultCode::NotHome));
    let cards = cards::my_turf(&mut ana.engine, &MyTurf {}).unwrap();
    assert_eq!(cards.len(), 1);
    let card = &cards[0];
    assert_eq!((card.name.as_str(), card.n_doors, card.n_done, card.minutes), ("Riverside 7", 14, 1, 28));
    assert!(card.is_ready);
}

#[test]
fn the_map_carries_the_packs_streets_and_a_mark_for_each_stop() {
    let pack = small_pack();
    let mut ana = walkers(1, &pack).remove(0);
    ana.talk(&pack.voters[0], &[(SUPPORT, "yes")]);
    let view = map::turf_map(&mut ana.engine, &TurfMap { turf: TURF }).unwrap();
    assert_eq!((view.sheet, view.route), (pack.map, pack.route));
    assert_eq!(view.stops.len(), 9);
    assert_eq!(view.stops[0].state, DoorState::Part);
    assert_eq!(view.stops[4].n_doors, 6);
}

#[test]
fn a_shift_counts_acts_doors_talks_and_supporters() {
    let pack = small_pack();
    let mut ana = walkers(1, &pack).remove(0);
    ana.talk(&pack.voters[0], &[(SUPPORT, "yes"), (SIGN, "no")]);
    ana.talk(&pack.voters[2], &[(SUPPORT, "yes")]);
    ana.talk(&pack.voters[2], &[(SUPPORT, "no")]);
    let noted = porchlight_model::calls::visit::RecordVisit {
        note: "dog".to_owned(),
        ..knock(&[pack.doors[4].id, pack.doors[5].id], ResultCode::NotHome)
    };
    ana.pass_ms(600_000);
    ana.record(&noted);
    let person =
        AddPerson { door: pack.doors[0].id, first: "Kim".to_owned(), last: String::new(), phone: String::new() };
    add_person::add_person(&mut ana.engine, &person).unwrap();
    let view = shift::shift(&mut ana.engine, &ShiftReport {}).unwrap();
    assert_eq!((view.n_results, view.n_safe), (5, 0));
    assert_eq!((view.n_doors, view.n_talked, view.n_supporters), (4, 2, 1));
    assert_eq!((view.n_added, view.minutes), (1, 10));
    town::acknowledge_all(&mut ana);
    let view = shift::shift(&mut ana.engine, &ShiftReport {}).unwrap();
    assert_eq!((view.n_results, view.n_safe), (5, 5));
}

#[test]
fn a_shift_begins_after_a_long_pause() {
    let pack = small_pack();
    let mut ana = walkers(1, &pack).remove(0);
    ana.record(&knock(&[pack.doors[0].id], ResultCode::NotHome));
    ana.pass_ms(20 * 60 * 60 * 1000);
    ana.record(&knock(&[pack.doors[1].id], ResultCode::NotHome));
    let view = shift::shift(&mut ana.engine, &ShiftReport {}).unwrap();
    assert_eq!((view.n_results, view.n_doors, view.minutes), (2, 1, 0));
}

#[test]
fn a_turf_that_is_not_here_says_so() {
    let mut ana = walkers(1, &small_pack()).remove(0);
    let turf = TurfId::from_bytes([77; 16]);
    assert_eq!(told(list::walk(&mut ana.engine, &Walk { turf })), "error-turf-gone");
    assert_eq!(told(map::turf_map(&mut ana.engine, &TurfMap { turf })), "error-turf-gone");
}
