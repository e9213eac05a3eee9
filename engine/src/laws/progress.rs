//! How far turf has come is stored: whatever happens, the dashboard tells what it would tell if all were computed anew.

pub(super) mod everything;

use super::town::{CAMPAIGN, TURF, TURF_DOC, Walker};
use crate::office::dashboard;
use crate::plan::measured::{self, ByDay};
use crate::store::{reference, waves};
use crate::visit::{add_person, flag, note};
use crate::wave::start;
use everything::{Act, Town, act, drop_doc};
use porchlight_model::calls::office::{Dashboard, DashboardView, WaveBoard};
use porchlight_model::calls::visit::{AddNote, EditNote, SetFlag, TakeBackPerson};
use porchlight_model::calls::wave::StartWave;
use porchlight_model::id::{DocId, NoteId};
use porchlight_model::plan::{GoalScope, Measure};
use porchlight_model::visit::{About, DoorState, Flag};
use porchlight_model::voter::Voter;
use proptest::prelude::*;

/// The dashboard, and that of every wave.
fn boards(walker: &mut Walker) -> Vec<DashboardView> {
    let all = waves::all(walker.engine.conn()).unwrap();
    let mut boards = vec![dashboard::dashboard(&mut walker.engine, &Dashboard {}).unwrap()];
    boards.extend(all.iter().flat_map(|wave| dashboard::of_wave(&mut walker.engine, &WaveBoard { wave: wave.id })));
    boards
}

/// What goals would count, day by day.
fn measured(walker: &mut Walker) -> Vec<ByDay> {
    let measured = measured::read(&mut walker.engine, 0).unwrap();
    let scopes = [GoalScope::Campaign, GoalScope::Turf(TURF)];
    scopes
        .into_iter()
        .flat_map(|scope| Measure::ALL.iter().map(move |of| (*of, scope)))
        .map(|(of, scope)| measured.series(of, scope))
        .collect()
}

fn empty(walker: &Walker) {
    walker.engine.conn().execute("DELETE FROM turf_progress", []).unwrap();
}

/// The documents of which something is stored.
fn stored(walker: &Walker) -> Vec<DocId> {
    let mut select = walker.engine.conn().prepare("SELECT doc FROM turf_progress ORDER BY doc").unwrap();
    select.query_map([], |row| row.get(0).map(DocId::from_bytes)).unwrap().map(Result::unwrap).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn what_is_stored_is_what_would_be_computed(acts in prop::collection::vec(act(), 1..60)) {
        let mut town = Town::new();
        for (n, act) in acts.iter().enumerate() {
            town.act(*act);
            for walker in &mut town.both {
                let told = (measured(walker), boards(walker));
                empty(walker);
                prop_assert_eq!(told, (measured(walker), boards(walker)), "after {} acts, the last of which is {:?}", n + 1, act);
            }
        }
    }
}

#[test]
fn a_visit_that_arrives_is_computed_anew_with_its_document_and_with_no_other() {
    let mut town = Town::new();
    start::start(&mut town.both[0].engine, &StartWave { name: "Next".to_owned() }).unwrap();
    town.sync();
    boards(&mut town.both[0]);
    let all = stored(&town.both[0]);
    assert_eq!(all.len(), 6, "two waves of three turf");
    let voter = town.voter(0);
    let doc = waves::open_docs(town.both[0].engine.conn(), TURF).unwrap()[0];
    let mut left = all.clone();
    left.retain(|other| *other != doc);
    for act in [Act { what: 2, who: 1, a: 0, b: 0 }, Act { what: 4, who: 1, a: 0, b: 0 }] {
        town.act(act);
        town.sync();
        assert_eq!(stored(&town.both[0]), left, "{act:?} with {}", voter.id);
        let told = boards(&mut town.both[0]);
        assert_eq!(stored(&town.both[0]), all);
        empty(&town.both[0]);
        assert_eq!(told, boards(&mut town.both[0]));
    }
}

#[test]
fn a_flag_is_computed_anew_where_its_door_is_and_its_voter_is_listed() {
    let mut town = Town::new();
    boards(&mut town.both[0]);
    let (here, elsewhere) = (town.door(0), town.packs[1].voters[0].id);
    for (about, doc) in [(About::Door(here), TURF_DOC), (About::Voter(elsewhere), DocId::from_bytes([31; 16]))] {
        let all = stored(&town.both[0]);
        town.both[0].pass_ms(3000);
        let call = SetFlag { about, flag: Flag::DoNotContact, is_set: true };
        flag::flag(&mut town.both[0].engine, &call).unwrap();
        let mut left = all.clone();
        left.retain(|other| *other != doc);
        assert_eq!(stored(&town.both[0]), left, "{about:?}");
        boards(&mut town.both[0]);
    }
}

/// How many doors of the first turf are in a state on somebody's dashboard, which must be what would be computed anew.
fn n_doors(town: &mut Town, who: usize, state: DoorState) -> u32 {
    let walker = &mut town.both[who];
    let told = boards(walker);
    empty(walker);
    assert_eq!(told, boards(walker));
    let row = told[0].turfs.iter().find(|row| row.turf == TURF).unwrap();
    row.by_state.get(&state).copied().unwrap_or_default()
}

#[test]
fn somebody_added_counts_as_long_as_they_are_listed() {
    let mut town = Town::new();
    town.act(Act { what: 0, who: 1, a: 0, b: 0 });
    assert_eq!(n_doors(&mut town, 1, DoorState::Todo), 1);
    town.act(Act { what: 9, who: 1, a: 0, b: 0 });
    assert_eq!(n_doors(&mut town, 1, DoorState::Todo), 2);
    town.sync();
    let kim = town.people[0];
    // One writes a note about them, the other does not know and takes them back.
    let about = AddNote { about: About::Voter(kim), text: "Evenings".to_owned() };
    note::note(&mut town.both[0].engine, &about).unwrap();
    let take_back = TakeBackPerson { voter: kim, is_taken_back: true };
    add_person::take_back(&mut town.both[1].engine, &take_back).unwrap();
    assert_eq!(n_doors(&mut town, 1, DoorState::Todo), 1);
    town.sync();
    assert_eq!([0, 1].map(|who| n_doors(&mut town, who, DoorState::Todo)), [2, 2]);
    let note = town.both[0].engine.conn().query_row("SELECT id FROM note", [], |row| row.get(0)).unwrap();
    let removed = EditNote { note: NoteId::from_bytes(note), text: String::new() };
    note::edit(&mut town.both[0].engine, &removed).unwrap();
    town.sync();
    assert_eq!([0, 1].map(|who| n_doors(&mut town, who, DoorState::Todo)), [1, 1]);
}

#[test]
fn a_voter_counts_as_long_as_they_are_on_the_file() {
    let mut town = Town::new();
    let (met, other) = (town.voter(0), town.voter(1));
    town.talk(0, &met, 0);
    assert_eq!(n_doors(&mut town, 0, DoorState::Part), 1);
    let olga = &mut town.both[0].engine;
    olga.write("a file", |tx| reference::forget_voters(tx.conn(), &[other.id])).unwrap();
    assert_eq!(n_doors(&mut town, 0, DoorState::Talked), 1);
    town.both[0].engine.write("a file", |tx| reference::put_voter(tx.conn(), &other)).unwrap();
    assert_eq!(n_doors(&mut town, 0, DoorState::Part), 1);
}

#[test]
fn a_rebuild_gives_the_same_progress() {
    let mut town = Town::new();
    for (what, b) in [(0, 2), (2, 0), (7, 0), (9, 0), (12, 0), (14, 1)] {
        town.act(Act { what, who: 0, a: 1, b });
    }
    let told = boards(&mut town.both[0]);
    for doc in town.turf_docs(0).into_iter().chain([CAMPAIGN]) {
        town.both[0].engine.write("again", |tx| tx.derive_again(doc)).unwrap();
        assert_eq!(boards(&mut town.both[0]), told);
        let (rows, rebuilt) = town.both[0].engine.rows_and_rebuild(doc).unwrap();
        assert_eq!(rows, rebuilt);
    }
    town.both[0].restart();
    assert_eq!(boards(&mut town.both[0]), told);
}

#[test]
fn what_cannot_be_stored_is_told_all_the_same() {
    let mut town = Town::new();
    town.act(Act { what: 0, who: 0, a: 0, b: 2 });
    let told = boards(&mut town.both[0]);
    empty(&town.both[0]);
    town.both[0].engine.conn().execute_batch("PRAGMA query_only = ON").unwrap();
    assert_eq!(boards(&mut town.both[0]), told);
    assert_eq!(stored(&town.both[0]), []);
}

#[test]
fn nothing_is_stored_of_a_document_that_is_erased() {
    let mut town = Town::new();
    boards(&mut town.both[0]);
    assert!(stored(&town.both[0]).contains(&TURF_DOC));
    drop_doc(&mut town.both[0], TURF_DOC);
    assert!(!stored(&town.both[0]).contains(&TURF_DOC));
}

#[test]
fn a_flag_that_goes_with_its_document_is_computed_anew_where_its_voter_lives_now() {
    let mut town = Town::new();
    let (voter, elsewhere) = (town.voter(0), town.packs[1].doors[0].id);
    let call = SetFlag { about: About::Voter(voter.id), flag: Flag::Danger, is_set: true };
    flag::flag(&mut town.both[0].engine, &call).unwrap();
    let moved = Voter { door: elsewhere, ..voter };
    town.both[0].engine.write("a file", |tx| reference::put_voter(tx.conn(), &moved)).unwrap();
    boards(&mut town.both[0]);
    drop_doc(&mut town.both[0], TURF_DOC);
    assert_eq!(stored(&town.both[0]), [DocId::from_bytes([32; 16])]);
}
