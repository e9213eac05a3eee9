//! A member's last acts: one tap is one result, a whole floor is one act, and each act can be undone and redone.

use super::town::{BUILDING, SUPPORT, TURF, TURF_DOC, Walker, knock, small_pack, told, walkers};
use crate::door::{building, open};
use crate::visit::{flag, note, own, record, redo, undo};
use crate::walk::list;
use porchlight_model::calls::door::{OpenBuilding, OpenDoor};
use porchlight_model::calls::visit::{AddNote, OwnActs, OwnActsView, OwnWhat, RecordVisit, Redo, SetFlag, Undo};
use porchlight_model::calls::walk::{Stop, Walk, WalkRow};
use porchlight_model::id::{DoorId, VisitId};
use porchlight_model::turf::Pack;
use porchlight_model::visit::{About, DoorState, Flag, Mark, ResultCode};
use porchlight_model::voter::Door;

fn own_acts(walker: &mut Walker) -> OwnActsView {
    own::own(&mut walker.engine, &OwnActs { turf: TURF }).unwrap()
}

fn visits_of(what: &OwnWhat) -> Vec<VisitId> {
    match what {
        OwnWhat::Visits { visits, .. } => visits.clone(),
        OwnWhat::Flag(_) | OwnWhat::Person(_) => panic!("no visit"),
    }
}

/// Presses Undo once; returns the number of the door that is named next.
fn press_undo(walker: &mut Walker) -> Option<String> {
    walker.pass_ms(400);
    let last = own_acts(walker).standing.remove(0);
    undo::undo(&mut walker.engine, &Undo { visits: visits_of(&last.what) }).unwrap();
    own_acts(walker).standing.first().map(|act| act.number.clone())
}

fn press_redo(walker: &mut Walker) {
    walker.pass_ms(400);
    let back = own_acts(walker).taken_back.remove(0);
    redo::redo(&mut walker.engine, &Redo { visits: visits_of(&back.what) }).unwrap();
}

fn state(walker: &mut Walker, door: DoorId) -> DoorState {
    open::open(&mut walker.engine, &OpenDoor { door }).unwrap().state
}

fn row(walker: &mut Walker, door: DoorId) -> WalkRow {
    let walk = list::walk(&mut walker.engine, &Walk { turf: TURF }).unwrap();
    walk.rows.into_iter().find(|row| row.stop == Stop::Door(door)).unwrap()
}

/// The turf with an additional floor of `n` doors in its building.
pub(super) fn with_a_floor_of(n: u16) -> (Pack, Vec<DoorId>) {
    let mut pack = small_pack();
    let like = pack.doors[4].clone();
    let units: Vec<Door> = (0..n)
        .map(|n| {
            let mut id = [0x77; 16];
            id[..2].copy_from_slice(&n.to_be_bytes());
            Door { id: DoorId::from_bytes(id), unit: format!("1{n:02}"), ..like.clone() }
        })
        .collect();
    let ids = units.iter().map(|unit| unit.id).collect();
    pack.doors.extend(units);
    (pack, ids)
}

#[test]
fn one_act_that_comes_twice_within_two_seconds_is_one_result() {
    let pack = small_pack();
    let mut ana = walkers(1, &pack).remove(0);
    let door = pack.doors[0].id;
    let not_home = knock(&[door], ResultCode::NotHome);
    let first = ana.record(&not_home);
    let at = |ana: &mut Walker, ms: i64, call: &RecordVisit| {
        ana.pass_ms(ms);
        record::record(&mut ana.engine, call).unwrap()
    };
    for ms in [0, 15, 80, 150, 400, 1000] {
        assert_eq!(at(&mut ana, ms, &not_home), first, "{ms} ms later");
    }
    assert_eq!(own_acts(&mut ana).n_standing, 1);
    assert_ne!(at(&mut ana, 2500, &not_home), first, "later it is a second attempt");

    let refused = at(&mut ana, 0, &knock(&[door], ResultCode::Refused));
    let leo = RecordVisit { voter: Some(pack.voters[1].id), ..knock(&[door], ResultCode::Refused) };
    assert_ne!(at(&mut ana, 0, &leo), refused, "about a person it is another act");
    let yes = RecordVisit { answers: [(SUPPORT, "yes".to_owned())].into(), ..leo.clone() };
    let said = at(&mut ana, 0, &yes);
    assert_ne!(said, at(&mut ana, 0, &RecordVisit { answers: [(SUPPORT, "no".to_owned())].into(), ..leo }));
    let undone = at(&mut ana, 3000, &not_home);
    undo::undo(&mut ana.engine, &Undo { visits: undone.visits.clone() }).unwrap();
    assert_ne!(at(&mut ana, 100, &not_home), undone, "what was taken back is recorded anew");
}

#[test]
fn undo_goes_back_act_by_act_and_names_each_and_redo_puts_them_again() {
    let pack = small_pack();
    let mut ana = walkers(1, &pack).remove(0);
    let doors: Vec<DoorId> = pack.doors.iter().take(3).map(|door| door.id).collect();
    assert_eq!(own_acts(&mut ana).standing, []);
    ana.record(&knock(&doors[..1], ResultCode::NotHome));
    ana.talk(&pack.voters[2], &[(SUPPORT, "yes")]);
    ana.record(&knock(&doors[2..3], ResultCode::Refused));
    let numbers = |ana: &mut Walker| own_acts(ana).standing.into_iter().map(|act| act.number).collect::<Vec<_>>();
    assert_eq!(numbers(&mut ana), ["5", "3"], "the last, and which one is before it");
    ana.restart();
    assert_eq!(numbers(&mut ana), ["5", "3"], "after the program was killed, too");

    assert_eq!(press_undo(&mut ana).as_deref(), Some("3"));
    assert_eq!(own_acts(&mut ana).standing[0].voter_name, "Ana Ruiz");
    assert_eq!(press_undo(&mut ana).as_deref(), Some("1"));
    assert_eq!(press_undo(&mut ana), None);
    ana.restart();
    assert_eq!(own_acts(&mut ana).taken_back.len(), 3);
    assert_eq!(state(&mut ana, doors[1]), DoorState::Todo);

    press_redo(&mut ana);
    press_redo(&mut ana);
    let acts = own_acts(&mut ana);
    assert_eq!((acts.standing[0].number.as_str(), acts.taken_back.len(), acts.n_standing), ("3", 1, 2));
    let view = open::open(&mut ana.engine, &OpenDoor { door: doors[1] }).unwrap();
    assert_eq!((view.state, view.voters[0].answers.get(&SUPPORT).map(String::as_str)), (DoorState::Part, Some("yes")));
    assert_eq!(press_undo(&mut ana).as_deref(), Some("1"), "what was put again is taken back again");
    assert_eq!(own_acts(&mut ana).taken_back.len(), 2);

    ana.record(&knock(&doors[2..3], ResultCode::NotHome));
    assert_eq!(own_acts(&mut ana).taken_back, [], "a new act ends what can be put again");
}

#[test]
fn only_own_acts_of_this_shift_are_taken_back() {
    let pack = small_pack();
    let mut walkers = walkers(2, &pack);
    let doors: Vec<DoorId> = pack.doors.iter().map(|door| door.id).collect();
    walkers[0].record(&knock(&doors[..1], ResultCode::NotHome));
    let bens = walkers[1].record(&knock(&doors[1..2], ResultCode::NotHome));
    super::town::settle(&mut walkers);
    let acts = own_acts(&mut walkers[0]);
    assert_eq!((acts.n_standing, acts.standing[0].number.as_str()), (1, "1"));
    let ana = &mut walkers[0];
    assert_eq!(told(undo::undo(&mut ana.engine, &Undo { visits: bens.visits.clone() })), "error-undo-not-yours");
    assert_eq!(told(redo::redo(&mut ana.engine, &Redo { visits: bens.visits })), "error-undo-not-yours");
    ana.pass_ms(7 * 60 * 60 * 1000);
    assert_eq!(own_acts(ana).standing, [], "seven hours later it is another shift");
}

#[test]
fn a_whole_floor_of_any_size_is_one_act_and_one_undo() {
    for n in [1, 99, 100, 101, 120, 350] {
        let (pack, units) = with_a_floor_of(n);
        let mut ana = walkers(1, &pack).remove(0);
        let receipt = ana.record(&knock(&units, ResultCode::NotHome));
        assert_eq!(receipt.visits.len(), units.len());
        let acts = own_acts(&mut ana);
        assert_eq!((acts.n_standing, visits_of(&acts.standing[0].what).len()), (1, units.len()));
        let view = building::building(&mut ana.engine, &OpenBuilding { building: BUILDING }).unwrap();
        assert_eq!(view.n_left, 6);
        assert_eq!(press_undo(&mut ana), None);
        let view = building::building(&mut ana.engine, &OpenBuilding { building: BUILDING }).unwrap();
        assert_eq!(usize::try_from(view.n_left).unwrap(), 6 + units.len());
        press_redo(&mut ana);
        assert_eq!(building::building(&mut ana.engine, &OpenBuilding { building: BUILDING }).unwrap().n_left, 6);
    }
}

#[test]
fn a_danger_tells_its_reason_and_who_saw_it_and_is_taken_back_like_any_act() {
    let pack = small_pack();
    let mut ana = walkers(1, &pack).remove(0);
    let door = pack.doors[2].id;
    let about = About::Door(door);
    note::note(&mut ana.engine, &AddNote { about, text: "Bell does not work".to_owned() }).unwrap();
    ana.pass_ms(20 * 60 * 1000);
    flag::flag(&mut ana.engine, &SetFlag { about, flag: Flag::Danger, is_set: true }).unwrap();
    let seen = row(&mut ana, door).danger.unwrap();
    assert_eq!(
        (seen.reason.as_str(), seen.by_name.as_str()),
        ("", "Walker 1"),
        "what was written about something else is no reason"
    );
    ana.pass_ms(10);
    note::note(&mut ana.engine, &AddNote { about, text: "Loose dog, gate open".to_owned() }).unwrap();
    ana.pass_ms(60 * 60 * 1000);
    note::note(&mut ana.engine, &AddNote { about, text: "Green door".to_owned() }).unwrap();
    let shown = row(&mut ana, door);
    assert_eq!((shown.mark, shown.danger.unwrap().reason.as_str()), (Mark::Danger, "Loose dog, gate open"));
    let acts = own_acts(&mut ana);
    let OwnWhat::Flag(set) = acts.standing[0].what.clone() else { panic!("{acts:?}") };
    flag::flag(&mut ana.engine, &SetFlag { is_set: false, ..set }).unwrap();
    assert_eq!(row(&mut ana, door).danger, None);
    assert_eq!(own_acts(&mut ana).taken_back.len(), 1);
}

#[test]
fn each_kind_of_result_has_its_own_mark() {
    let pack = small_pack();
    let mut ana = walkers(1, &pack).remove(0);
    let door = pack.doors[0].id;
    assert_eq!(row(&mut ana, door).mark, Mark::Todo);
    for result in [ResultCode::NotHome, ResultCode::FlyerLeft, ResultCode::Inaccessible, ResultCode::Refused] {
        ana.pass_ms(5000);
        ana.record(&knock(&[door], result));
        assert_eq!(row(&mut ana, door).mark, Mark::of_result(result));
    }
}

#[test]
fn rows_of_what_was_taken_back_are_those_of_a_rebuild() {
    let pack = small_pack();
    let mut ana = walkers(1, &pack).remove(0);
    ana.record(&knock(&[pack.doors[0].id], ResultCode::NotHome));
    press_undo(&mut ana);
    press_redo(&mut ana);
    let (rows, rebuilt) = ana.engine.rows_and_rebuild(TURF_DOC).unwrap();
    assert!(rows.iter().any(|row| row.table == "retraction"));
    assert_eq!(rows, rebuilt);
}
